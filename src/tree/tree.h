/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_TREE_H
#define MMCP_TREE_TREE_H

#include <stddef.h>

#include "base/pathpair.h"
#include "tree/policy.h"
#include "tree/session.h"

/* Operands, and everything below them.  The parent walks; workers copy small files, and
   all workers together one large file.  */

struct tree;

/* From this many operands on, workers copy them, even if all are files.  */
enum { TREE_MANY = 64 };

/* Prepare to copy COUNT operands.  SESSION and POLICY must outlive the tree.  NULL with
   errno.  */
struct tree *
tree_new(struct session *session, const struct tree_policy *policy, size_t count);

/* Copy the operand PAIR.  Errors are reported and set the exit status.  Part of the work
   may be left to workers until tree_finish.  */
void
tree_copy(struct tree *tree, const struct pathpair *pair);

/* Wait until everything is copied.  Errors are reported.  */
void
tree_finish(struct tree *tree);

/* Free TREE, and abandon what is not finished.  */
void
tree_free(struct tree *tree);

#endif
