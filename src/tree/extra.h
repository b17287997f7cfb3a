/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_EXTRA_H
#define MMCP_TREE_EXTRA_H

#include "tree/walkstate.h"

/* Report the names in DIR's destination that its source hasn't, unless patterns exclude
   them, and what can't be read.  */
void
extra_report(const struct walk *walk, struct dirpair *dir);

#endif
