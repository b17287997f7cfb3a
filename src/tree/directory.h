/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_DIRECTORY_H
#define MMCP_TREE_DIRECTORY_H

#include <stdbool.h>

#include "tree/walkstate.h"

/* Entering directories, and leaving them.  Errors are reported here.  */

/* Enter directory ENTRY, which was VISITED or whose destination's name is free: open it,
   make its destination, and go down to a level with its names.  Return 1; 0 if there is
   no level, or -1 if it has to be visited first.  */
int
directory_enter(struct walk *walk, struct entry *entry, bool visited);

/* Leave the lowest level, whose names are all dealt with: finish its directory, unless
   other walkers have a part of it.  */
void
directory_leave(struct walk *walk);

/* A signal asks this walker alone to end: leave the name that it had in hand to another
   one.  LEVEL was at PLACE before that name was dealt with.  */
void
directory_leave_to_another(struct walk *walk, struct level *level, uint64_t place);

#endif
