/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_FINISHDIR_H
#define MMCP_TREE_FINISHDIR_H

#include "tree/walkstate.h"

/* Everything in DIR has been copied: set its owner, mode and times, and report.  */
void
finishdir(const struct walk *walk, struct dirpair *dir);

/* DIR's copy was complete when it was made: count it, and report.  */
void
finishdir_made(const struct dirpair *dir);

#endif
