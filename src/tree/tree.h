/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_TREE_H
#define MMCP_TREE_TREE_H

#include <stddef.h>

#include "base/pathpair.h"
#include "tree/policy.h"
#include "tree/session.h"
#include "tree/walkstate.h"

/* Operands, and everything below them.  */

struct tree;

/* Prepare to copy COUNT operands, which OPERAND finds again for walkers, with CONTEXT.
   SESSION, POLICY and CONTEXT must outlive the tree.  NULL with errno.  */
struct tree *
tree_new(struct session *session, const struct tree_policy *policy, size_t count,
	walk_operand *operand, void *context);

/* Copy operand I, PAIR.  Errors are reported and set the exit status.  Part of the work
   may be left to other walkers until tree_finish.  */
void
tree_copy(struct tree *tree, size_t i, const struct pathpair *pair);

/* In another rank than the first: copy what that and others give us, until everything is
   copied.  Return 0, or -1 with errno if no walker could be forked.  */
int
tree_serve(struct tree *tree);

/* Wait until everything is copied.  Errors are reported.  */
void
tree_finish(struct tree *tree);

/* With --fsync: the COUNT operands are copied; have everything on the device that isn't
   there.  Errors are reported.  */
void
tree_sync(struct tree *tree, size_t count);

/* Free TREE, and abandon what is not finished.  */
void
tree_free(struct tree *tree);

#endif
