/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_OPERAND_H
#define MMCP_TREE_OPERAND_H

#include <stdbool.h>

#include "tree/walkstate.h"

/* Operands, by the parent and by walkers.  */

/* What came of an operand.  */
struct walked {
	enum entry_next next;	/* of its visit */
	bool made, linked;	/* as in entry */
	bool existed;		/* something stood under its destination's name */
};

/* Deal with the operand PAIR; a directory is entered: walk_on does the rest.  AGAIN: it
   was visited before.  */
struct walked
operand_copy(struct walk *walk, const struct pathpair *pair, bool again);

/* Deal with the next operand of LEVEL, which others have found to be independent, or
   leave it.  */
void
operand_step(struct walk *walk, struct level *level);

#endif
