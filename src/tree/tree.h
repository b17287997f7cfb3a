/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_TREE_H
#define MMCP_TREE_TREE_H

#include <stddef.h>

#include "base/pathpair.h"
#include "tree/policy.h"
#include "tree/session.h"

/* Operands, and all that is below them.  The walk is in the parent; small files are dealt
   to workers, and one large file gets all of them.  */

struct tree;

/* So many operands are worth several workers, though they may be but files.  */
enum { TREE_MANY = 64 };

/* For COUNT operands.  SESSION and POLICY outlive it.  NULL with errno.  */
struct tree *
tree_new(struct session *session, const struct tree_policy *policy, size_t count);

/* Copy what PAIR, an operand, names.  Failures are said, and are in the exit status.
   Not all of it is there before tree_finish, which may speak too.  */
void
tree_copy(struct tree *tree, const struct pathpair *pair);

/* Have everything done that was begun.  */
void
tree_finish(struct tree *tree);

/* Whatever is still on its way is given up.  */
void
tree_free(struct tree *tree);

#endif
