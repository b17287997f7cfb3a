/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_DIRECTORY_H
#define MMCP_TREE_DIRECTORY_H

#include <stdbool.h>

#include "tree/walkstate.h"

/* Entering directories, and finishing them.  */


/* Enter directory ENTRY, that was LOOKED at, or that can't have anything in its way,
   and have a level for it.  1; 0 if it is not to be walked; or -1 if somebody has to
   look at it first.  */
int
directory_enter(struct walk *walk, struct entry *entry, bool looked);

/* One use of DIR less, and with the last one of it, which finishes it, one of that above
   (struct pool_listener).  */
void
directory_release(void *context, struct dirpair *dir);

/* Leave the lowest level.  */
void
directory_leave(struct walk *walk);

#endif
