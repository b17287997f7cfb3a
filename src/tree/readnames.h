/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_READNAMES_H
#define MMCP_TREE_READNAMES_H

#include "tree/walkstate.h"

/* Read all names of LEVEL's directory, which is open, into LEVEL, on top of the arena.
   If not all can be read, that is reported, and LEVEL has the others.  */
void
readnames(struct walk *walk, struct level *level);

/* Report that DIR's names can't be read, or reached, because of ERR.  */
void
readnames_failed(const struct dirpair *dir, int err);

#endif
