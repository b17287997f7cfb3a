/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_CONTENT_H
#define MMCP_TREE_CONTENT_H

#include "tree/walkstate.h"

/* A file's bytes.  Errors are reported here.  */

/* Copy the content of ENTRY, which was visited.  Return 0; 1 if it is to be visited
   again, since something has changed; or -1.  */
int
content_copy(struct walk *walk, struct entry *entry);

/* Copy NAME of DIR, whose destination was made by us and has nothing of that name; it was
   not looked at, but is said to be a regular file.  Return 0, whatever came of it; or 1
   if it is to be visited.  */
int
content_copy_fresh(struct walk *walk, struct dirpair *dir, const char *name);

#endif
