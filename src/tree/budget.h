/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_BUDGET_H
#define MMCP_TREE_BUDGET_H

#include <stdbool.h>

/* The number of descriptors that directories may hold, between these bounds where the
   limit isn't lower.  */
enum { BUDGET_LEAST = 64, BUDGET_MOST = 4096 };

/* Return it: what the limit leaves when others have theirs.  */
unsigned
budget_now(void);

/* Return true if too few descriptors are left to hold directories open: a walk that does
   needs 9 at any depth.  Open descriptors are counted only if the limit is low.  */
bool
budget_needs_paths(void);

#endif
