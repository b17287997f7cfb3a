/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_PATH_H
#define MMCP_BASE_PATH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* Paths: their components, and opening below a directory.  Directory descriptors may be
   AT_FDCWD.  */

/* Return the last component of PATH, where it begins; "" if PATH ends in a slash.  */
const char *
path_last(const char *path);

/* Return the length of PATH in bytes, without slashes at its end.  The root keeps
   one.  */
size_t
path_trimmed(const char *path);

/* Return where in PATH, trimmed so, the last component begins.  */
size_t
path_base(const char *path);

/* Return whether PATH is DIR or below it.  Slashes at their ends don't matter; otherwise
   both are compared as text.  */
bool
path_is_within(const char *path, const char *dir);

/* Return the path of NAME in the directory that PATH is in.  The caller frees it; NULL
   with errno.  */
char *
path_beside(const char *path, const char *name);

/* Set PATH to the absolute path of FILE, which need not exist, with the symlinks in its
   directory resolved.  Return false if it is too long, or that directory doesn't
   exist.  */
bool
path_resolve(const char *file, char path[static PATH_MAX]);

/* Open the directory that PATH's last component is in, relative to AT, with FLAGS (O_PATH
   or O_RDONLY).  Symlinks are followed, as in any path that the user gives.  Return a
   descriptor for path_close_parent, which is AT if PATH has one component; or -1 with
   errno.  */
int
path_open_parent(int at, const char *path, int flags);

/* The same by O_PATH, and also where PATH has one component below AT_FDCWD: then of the
   current directory.  */
int
path_open_real_parent(int at, const char *path);

/* As path_open_parent by O_PATH, one component after the other, so that no length of PATH
   is too long, and through symlinks only in its first TRUSTED bytes, which the user gave;
   with FOLLOW everywhere.  *NAME is set to the last component, in PATH's memory.  */
int
path_descend(int at, const char *path, size_t trusted, bool follow, const char **name);

/* Close DIR, which one of these opened below AT, or -1.  errno is
   kept.  */
void
path_close_parent(int dir, int at);

/* Open PATH below AT with FLAGS, if it still is the file or directory that ST is of.
   Return a descriptor, or -1 with errno, which is ESTALE if it is another one.  */
int
path_open_same(int at, const char *path, int flags, const struct stat *st);

/* The same for a directory.  Where one may get another inode number, it is the same if
   its device and owner are.  */
int
path_open_same_directory(int at, const char *path, int flags, const struct stat *st);

/* Return whether A (relative to A_AT) and B (to B_AT) are the same entry of the same
   directory; false if that is unknown.  */
bool
path_same_entry(int a_at, const char *a, int b_at, const char *b);

#endif
