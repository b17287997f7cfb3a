/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_PARENTS_H
#define MMCP_TREE_PARENTS_H

#include "base/pathpair.h"
#include "tree/session.h"

/* With --parents: the directories between the target and an operand's copy.  */

struct parent;

struct parents {
	struct parent *first;	/* the deepest */
};

#define PARENTS_NONE ((struct parents) { .first = NULL })

/* Have the directories of PAIR's destination path, below its dest_at, made where they are
   missing, like those of its source path.  0, or -1 and it was said.  */
int
parents_make(struct parents *parents, const struct session *session,
	const struct pathpair *pair);

/* The copy is there, or not all directories could be MADE: give them what they are to
   have of the source's, and forget them.  */
void
parents_finish(struct parents *parents, const struct session *session, bool made);

#endif
