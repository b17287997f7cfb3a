/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_PARENTS_H
#define MMCP_TREE_PARENTS_H

#include "base/pathpair.h"
#include "tree/session.h"

/* With --parents: the directories between the target and an operand's copy.  Errors are
   reported here.  */

struct parent;

struct parents {
	struct parent *first;	/* the deepest */
};

#define PARENTS_NONE ((struct parents) { .first = NULL })

/* Make the missing directories of PAIR's destination path, below its dest_at, like those
   of its source path.  Return 0, or -1; PARENTS is to be finished in both cases.  */
int
parents_make(struct parents *parents, const struct session *session,
	const struct pathpair *pair);

/* Set the metadata of the directories, and free PARENTS.  MADE: parents_make succeeded;
   if not, existing directories stay as they were.  */
void
parents_finish(struct parents *parents, const struct session *session, bool made);

#endif
