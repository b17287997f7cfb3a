/* SPDX-License-Identifier: GPL-3.0-or-later */
/* failed_to.c: the list of failed sources must not overwrite a source or a copy.  */
#include "config.h"

#include "cli/failed_to.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/inode.h"
#include "base/path.h"
#include "report/entrymessages.h"
#include "report/failures.h"
#include "report/usage.h"

/* Set PATH to the path of FILE, with the symlinks in its directory resolved.  Return
   false if it is too long, or that directory doesn't exist.  */
static bool
resolve(const char *file, char path[static PATH_MAX])
{
	char *const parent = path_beside(file, ".");
	char directory[PATH_MAX];
	const bool is = parent != NULL && realpath(parent, directory) != NULL
		&& snprintf(path, PATH_MAX, "%s/%s", directory,
			    path_last(file)) < PATH_MAX;

	free(parent);
	return is;
}

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
   one, or, with RECURSIVE, of a file below one.  If so, it is reported.  */
static bool
clashes(const char *file, struct operands *operands, bool recursive)
{
	char path[PATH_MAX];
	struct stat st, source;
	struct pathpair pair;

	const bool there = stat(file, &st) == 0;
	const bool resolved = recursive && resolve(file, path);
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
			usage_failed_to_is_copy(file, operands->sources[i]);
			return true;
		}
	}
	return false;
}

int
failed_to_open(const char *file, struct operands *operands, bool recursive)
{
	if (clashes(file, operands, recursive))
		return -1;
	if (failures_to(file) == 0)
		return 0;
	usage_cannot_write(file, errno);
	return -1;
}
