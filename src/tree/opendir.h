/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_OPENDIR_H
#define MMCP_TREE_OPENDIR_H

#include <stdbool.h>

#include "tree/walkstate.h"

/* Close directories of upper levels, and small files, if descriptors for two more
   directories might be lacking.  They are opened again when they are needed.  */
void
opendir_make_room(struct walk *walk);

/* Open directory NAME below AT.  If it can't be read, it is opened with O_PATH, and
   *PATH_ONLY is errno; else 0.  Return a descriptor, or -1 with errno.  */
int
opendir_at(struct walk *walk, int at, const char *name, bool follow, int *path_only);

#endif
