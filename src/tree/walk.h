/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_WALK_H
#define MMCP_TREE_WALK_H

#include <stdbool.h>

#include "tree/walkstate.h"

/* From name to name, and from directory to directory.  */


/* Enter ENTRY, that was LOOKED at or has nothing in its way, and take what is in it.
   0, or -1 if somebody has to look at it first.  */
int
walk_into(struct walk *walk, struct entry *entry, bool looked);

/* Go on until no level is left, and nothing that came back.  */
void
walk_on(struct walk *walk);

#endif
