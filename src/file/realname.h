/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_REALNAME_H
#define MMCP_FILE_REALNAME_H

#include "base/pathpair.h"
#include "file/deststate.h"

/* Where an old file really is, after all symlinks that led to it.  Both functions open
   the directory as dest->dir, and set dest->name to the name there.  They return 0; or -1
   with errno, which is ENOENT if that name no longer is the file's (dest->file.st).  */

/* Find the name of the open file FD by /proc.  */
int
realname_find(struct dest *dest, int fd);

/* The same, or else by PAIR's destination name, link by link: a path may be longer than
   /proc can say.  If no symlink leads there, only by that name.  */
int
realname_find_by_pair(struct dest *dest, const struct pathpair *pair, int fd);

#endif
