/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_PATH_H
#define MMCP_BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* The last component of PATH, where it begins; "" if it ends in a slash.  */
const char *
path_last(const char *path);

/* PATH without slashes behind it: bytes.  The root keeps one.  */
size_t
path_trimmed(const char *path);

/* Where in PATH, trimmed so, the last component begins.  */
size_t
path_base(const char *path);

/* The path of NAME in the directory that PATH is in.  To be freed; NULL with errno.  */
char *
path_beside(const char *path, const char *name);

/* Open the directory that PATH's last component is in, with FLAGS (O_PATH or O_RDONLY).
   The descriptor, AT itself if the path has one component only, or -1 with errno.  */
int
path_open_parent(int at, const char *path, int flags);

/* Whether A (relative to A_AT) and B (to B_AT) are the same entry of the same directory.
   False also where that can't be found out.  */
bool
path_same_entry(int a_at, const char *a, int b_at, const char *b);

#endif
