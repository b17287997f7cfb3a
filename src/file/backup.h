/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_BACKUP_H
#define MMCP_FILE_BACKUP_H

#include <stdbool.h>
#include <sys/stat.h>

/* Backups: an old file gets another name before a new one takes its own.  Paths are
   relative to directory AT.  */

enum backup_kind {
	BACKUP_NONE,
	BACKUP_SIMPLE,		/* NAME~ */
	BACKUP_EXISTING,	/* numbered if a numbered one exists, else simple */
	BACKUP_NUMBERED		/* NAME.~1~, NAME.~2~ ... */
};

struct backup_policy {
	enum backup_kind kind;
	const char *suffix;	/* of simple backups */
};

/* Return the path that a backup of PATH would have.  The caller frees it; NULL with
   errno.  */
char *
backup_path(const struct backup_policy *policy, int at, const char *path);

/* Return whether a backup of PATH would replace SOURCE, which the user calls
   SOURCE_PATH.  */
bool
backup_destroys(const struct backup_policy *policy, int at, const char *path,
	const struct stat *source, const char *source_path);

/* Rename PATH to its backup's path; a numbered backup replaces nothing.  Return the
   backup's path, which the caller frees; NULL with errno, which is ENOENT if PATH doesn't
   exist.  */
char *
backup_make(const struct backup_policy *policy, int at, const char *path);

/* The same, but PATH remains another name of the file, which must be able to have
   two.  */
char *
backup_link(const struct backup_policy *policy, int at, const char *path);

/* Rename BACKUP back to PATH if that is free now.  Return 0, or -1 with errno.  */
int
backup_undo(int at, const char *backup, const char *path);

#endif
