/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_WALK_H
#define MMCP_TREE_WALK_H

#include <stdbool.h>

#include "tree/walkstate.h"

/* From name to name, and from directory to directory.  */

/* Enter directory ENTRY, which was VISITED or whose destination's name is free, and deal
   with the names in it.  Return 0; or -1 if it has to be visited first.  */
int
walk_into(struct walk *walk, struct entry *entry, bool visited);

/* Go on until all directories are finished and nothing is left that workers returned.  */
void
walk_on(struct walk *walk);

#endif
