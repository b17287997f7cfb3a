/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_RELEASE_H
#define MMCP_TREE_RELEASE_H

#include "tree/walkstate.h"

/* Drop a reference to DIR.  The last one finishes it, and drops one to the directory
   above (struct pool_listener).  */
void
release_directory(void *context, struct dirpair *dir);

#endif
