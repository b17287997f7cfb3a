/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outputs.c: the list of failed sources, the log and the manifest must not overwrite a
   source or a copy.  "-" is standard output.  */
#include "config.h"

#include "cli/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/inode.h"
#include "base/path.h"
#include "base/signals.h"
#include "cli/oldlog.h"
#include "engine/hash.h"
#include "report/failures.h"
#include "report/logfile.h"
#include "report/usage.h"

/* Return the part of PATH that is below DIRECTORY, or NULL if it isn't below it.  */
static const char *
below(const char *path, const char *directory)
{
	char real[PATH_MAX];

	if (realpath(directory, real) == NULL)
		return NULL;
	const size_t len = strcmp(real, "/") == 0 ? 0 : strlen(real);
	return strncmp(path, real, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

/* Return whether a file below PAIR's source will be copied to PATH.  */
static bool
comes_from_below(const struct pathpair *pair, const char *path)
{
	const char *const rest = below(path, pair->dest_name);
	char from[PATH_MAX];
	struct stat st;

	return rest != NULL
		&& snprintf(from, sizeof from, "%s/%s", pair->source_name, rest)
			< PATH_MAX
		&& lstat(from, &st) == 0 && !S_ISDIR(st.st_mode);
}

/* Return whether FILE is what PAIR makes or overwrites.  THERE: FILE exists, with status
   ST.  A device or pipe may be both.  */
static bool
is_dest(const char *file, bool there, const struct stat *st, const struct pathpair *pair)
{
	struct stat dest;

	if (path_same_entry(AT_FDCWD, file, pair->dest_at, pair->dest))
		return !there || S_ISREG(st->st_mode);
	return there && S_ISREG(st->st_mode)
		&& fstatat(pair->dest_at, pair->dest, &dest, 0) == 0
		&& inode_is_same(st, &dest);
}

/* Return whether FILE, which OUTPUT goes to, is a source of OPERANDS, or would be
   overwritten by the copy of one, or, with RECURSIVE, of a file below one.  If so, it is
   reported.  */
static bool
clashes(enum usage_output output, const char *file, struct operands *operands,
	bool recursive)
{
	char path[PATH_MAX];
	struct stat st, source;
	struct pathpair pair;

	const bool there = stat(file, &st) == 0;
	const bool resolved = recursive && path_resolve(file, path);
	for (size_t i = 0; i < operands->count; i++) {
		if (there && stat(operands->sources[i], &source) == 0
		    && inode_is_same(&st, &source)) {
			usage_output_is_source(output, file);
			return true;
		}
		if (operands_pair(operands, i, &pair) < 0)
			continue;	/* reported when it is copied */
		if (is_dest(file, there, &st, &pair)
		    || (resolved && comes_from_below(&pair, path))) {
			usage_output_is_copy(output, file, operands->sources[i]);
			return true;
		}
	}
	return false;
}

/* Open FILE by OPEN.  Return 0, or -1, which is reported.  */
static int
open_by(int (*open)(const char *name), const char *file)
{
	if (open(file) == 0)
		return 0;
	usage_cannot_write(file, errno);
	return -1;
}

/* Return the path of the file that opening NAME makes, also if it is a symlink to nothing
   yet.  The caller frees it; NULL if there is none.  */
static char *
follow(const char *name)
{
	enum { LINKS = 40 };	/* as many as the kernel follows */
	char target[PATH_MAX];
	char *path = strdup(name);

	for (unsigned i = 0; path != NULL && i < LINKS; i++) {
		const ssize_t len = readlink(path, target, sizeof target - 1);
		if (len < 0)
			return path;
		target[len] = '\0';
		char *const next = *target == '/' ? strdup(target)
			: path_beside(path, target);
		free(path);
		path = next;
	}
	free(path);
	return NULL;
}

/* Return whether A and B, which need not exist, will be one file once they do.  */
static bool
will_be_one(const char *a, const char *b)
{
	char *const one = follow(a), *const other = follow(b);
	const bool will = one != NULL && other != NULL
		&& path_same_entry(AT_FDCWD, one, AT_FDCWD, other);

	free(one);
	free(other);
	return will;
}

/* Return whether the file A is called B, too, which may be NULL.  */
static bool
is_called(const char *a, const char *b)
{
	struct stat one, other;

	return b != NULL
		&& (will_be_one(a, b)
		    || (stat(a, &one) == 0 && stat(b, &other) == 0
			&& inode_is_same(&one, &other)));
}

/* Return FILE, or NULL if it is standard output, which is no file to look at.  */
static const char *
file_only(const char *file)
{
	return file == NULL || usage_is_stdout(file) ? NULL : file;
}

/* Return whether the manifest can't be written where OPTIONS say, which is reported.  */
static bool
manifest_is_refused(const struct options *options, struct operands *operands)
{
	const char *const file = options->manifest;
	const enum hash_algorithm algorithm = options->manifest_algorithm;

	if (file == NULL)
		return false;
	const enum hash_opened opened = hash_open(algorithm);
	if (opened != HASH_OPENED) {
		usage_lacks_library("manifest", hash_library(algorithm),
				    opened != HASH_NOT_BUILT);
		return true;
	}
	if (usage_is_stdout(file)) {
		usage_manifest_is_no_file(file);
		return true;
	}
	if (is_called(file, file_only(options->log_file))
	    || is_called(file, file_only(options->failed_to))) {
		usage_manifest_is_taken(file);
		return true;
	}
	return clashes(OUTPUT_MANIFEST, file, operands, options->entry.recursive);
}

/* Return whether the file NAME keeps what is written to it.  */
static bool
is_written(const char *name)
{
	struct stat st;

	return stat(name, &st) < 0 || S_ISREG(st.st_mode);
}

/* Return whether the log can't be appended to the file LOG as OPTIONS say, which is
   reported.  */
static bool
log_is_refused(const struct options *options, const char *log, struct operands *operands)
{
	if (log == NULL)
		return false;
	if (clashes(OUTPUT_LOG, log, operands, options->entry.recursive))
		return true;
	if (is_written(log) && is_called(log, options->files0_from)) {
		usage_log_is_read(log);
		return true;
	}
	if (is_written(log) && is_called(log, file_only(options->failed_to))) {
		usage_log_is_list(log);
		return true;
	}
	if (oldlog_look(log) == OLDLOG_BINARY) {
		usage_log_is_binary(log);
		return true;
	}
	return false;
}

bool
outputs_use_stdout(const struct options *options)
{
	const char *const list = options->failed_to, *const log = options->log_file;

	return options->stats.json
		|| (!options->entry.dry_run
		    && ((list != NULL && usage_is_stdout(list))
			|| (log != NULL && usage_is_stdout(log))));
}

int
outputs_open(const struct options *options, struct operands *operands)
{
	const char *const list = options->failed_to, *const log = options->log_file;

	if (options->entry.dry_run)
		return 0;
	if ((file_only(list) != NULL && clashes(OUTPUT_FAILED, list, operands,
						options->entry.recursive))
	    || manifest_is_refused(options, operands)
	    || log_is_refused(options, file_only(log), operands))
		return -1;
	logfile_about(operands->sources[0], operands->count, operands->target);
	return (list != NULL && open_by(failures_to, list) < 0)
		|| (log != NULL && open_by(logfile_open, log) < 0) ? -1 : 0;
}

int
outputs_open_manifest(const struct options *options, struct manifest **manifest)
{
	*manifest = NULL;
	if (options->manifest == NULL || options->entry.dry_run)
		return 0;
	*manifest = manifest_new(options->manifest, options->manifest_algorithm,
				 options->copy.plan.nocache);
	if (*manifest != NULL)
		return 0;
	usage_cannot_write(options->manifest, errno);
	return -1;
}

void
outputs_close_manifest(const struct options *options, struct manifest *manifest)
{
	if (manifest != NULL && signals_fatal() == 0
	    && manifest_write(manifest, options->copy.dest.fsync) < 0)
		usage_cannot_write(options->manifest, errno);
	manifest_free(manifest);
}

/* The name of a log may be missing, so that a source or a disk was taken for it.  */
void
outputs_open_log(const struct options *options)
{
	const char *const log = options->log_file;

	if (log == NULL || options->entry.dry_run)
		return;
	if (!usage_is_stdout(log)) {
		const enum oldlog old = oldlog_look(log);
		if ((old != OLDLOG_NOTHING && old != OLDLOG_OURS)
		    || is_called(log, options->files0_from)
		    || is_called(log, options->operands.target_directory))
			return;
		for (size_t i = 0; i < options->count; i++)
			if (is_called(log, options->operand[i]))
				return;
	}
	open_by(logfile_open, log);
}
