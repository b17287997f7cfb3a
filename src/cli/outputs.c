/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outputs.c: the list of failed sources, the log and the manifest must not overwrite a
   source or a copy.  */
#include "config.h"

#include "cli/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/inode.h"
#include "base/path.h"
#include "base/signals.h"
#include "engine/hash.h"
#include "report/entrymessages.h"
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

/* Return whether FILE is a source of OPERANDS, or would be overwritten by the copy of
   one, or, with RECURSIVE, of a file below one.  If so, it is reported, in the last case
   by REPORT.  */
static bool
clashes(const char *file, struct operands *operands, bool recursive,
	void (*report)(const char *file, const char *source))
{
	char path[PATH_MAX];
	struct stat st, source;
	struct pathpair pair;

	const bool there = stat(file, &st) == 0;
	const bool resolved = recursive && path_resolve(file, path);
	for (size_t i = 0; i < operands->count; i++) {
		if (there && stat(operands->sources[i], &source) == 0
		    && inode_is_same(&st, &source)) {
			report_same_file(operands->sources[i], file);
			return true;
		}
		if (operands_pair(operands, i, &pair) < 0)
			continue;	/* reported when it is copied */
		if (is_dest(file, there, &st, &pair)
		    || (resolved && comes_from_below(&pair, path))) {
			report(file, operands->sources[i]);
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

/* Return whether the file A is called B, too, which may be NULL.  */
static bool
is_called(const char *a, const char *b)
{
	struct stat one, other;

	return b != NULL
		&& (path_same_entry(AT_FDCWD, a, AT_FDCWD, b)
		    || (stat(a, &one) == 0 && stat(b, &other) == 0
			&& inode_is_same(&one, &other)));
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
	if (is_called(file, options->log_file) || is_called(file, options->failed_to)) {
		usage_manifest_is_taken(file);
		return true;
	}
	return clashes(file, operands, options->entry.recursive, usage_manifest_is_copy);
}

/* Return whether the file NAME keeps what is written to it.  */
static bool
is_written(const char *name)
{
	struct stat st;

	return stat(name, &st) < 0 || S_ISREG(st.st_mode);
}

int
outputs_open(const struct options *options, struct operands *operands)
{
	const char *const list = options->failed_to, *const log = options->log_file;
	const bool recursive = options->entry.recursive;

	if (options->entry.dry_run)
		return 0;
	if ((list != NULL && clashes(list, operands, recursive, usage_failed_to_is_copy))
	    || (log != NULL && clashes(log, operands, recursive, usage_log_is_copy))
	    || manifest_is_refused(options, operands))
		return -1;
	if (log != NULL && is_written(log) && is_called(log, options->files0_from)) {
		usage_log_is_read(log);
		return -1;
	}
	if (log != NULL && is_written(log) && is_called(log, list)) {
		usage_log_is_list(log);
		return -1;
	}
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

void
outputs_open_log(const struct options *options)
{
	const char *const log = options->log_file;

	if (log == NULL || options->entry.dry_run || is_called(log, options->files0_from)
	    || is_called(log, options->operands.target_directory))
		return;
	for (size_t i = 0; i < options->count; i++)
		if (is_called(log, options->operand[i]))
			return;
	open_by(logfile_open, log);
}
