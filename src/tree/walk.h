/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_WALK_H
#define MMCP_TREE_WALK_H

#include <stdbool.h>

#include "tree/walkstate.h"

/* From name to name, and from directory to directory.  */

/* Go on until everything below is copied.  Return true; or false if so much was done that
   other walkers are wanted, which can go on from walk->position.  */
bool
walk_on(struct walk *walk);

/* From now on it is measured how much this walker does alone.  */
void
walk_begin_alone(struct walk *walk);

/* As walk_on: note that another name was dealt with, and return whether other walkers are
   wanted.  */
bool
walk_wants_others(struct walk *walk);

#endif
