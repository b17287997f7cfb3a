/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_BACKUP_H
#define MMCP_FILE_BACKUP_H

#include <stdbool.h>
#include <sys/stat.h>

/* What a copy takes the name of is kept under another name.  Nothing here speaks.  */

enum backup_kind {
	BACKUP_NONE,
	BACKUP_SIMPLE,		/* NAME~ */
	BACKUP_EXISTING,	/* numbered where there is one, else simple */
	BACKUP_NUMBERED		/* NAME.~1~, NAME.~2~ ... */
};

struct backup_policy {
	enum backup_kind kind;
	const char *suffix;	/* of simple ones */
};

/* The path, below AT, that a backup of PATH would have.  To be freed; NULL with
   errno.  */
char *
backup_path(const struct backup_policy *policy, int at, const char *path);

/* Whether a backup of PATH below AT would take the place of SOURCE, met as
   SOURCE_PATH.  */
bool
backup_destroys(const struct backup_policy *policy, int at, const char *path,
	const struct stat *source, const char *source_path);

/* Rename PATH below AT to its backup; a numbered one replaces nothing.  The backup's
   path, to be freed; NULL with errno, which is ENOENT where there was nothing to
   keep.  */
char *
backup_make(const struct backup_policy *policy, int at, const char *path);

/* The same, but PATH remains as another name of it.  Not for what can't have two
   names.  */
char *
backup_link(const struct backup_policy *policy, int at, const char *path);

/* Rename BACKUP back to PATH, if nothing has that name now.  0, or -1 with errno.  */
int
backup_undo(int at, const char *backup, const char *path);

#endif
