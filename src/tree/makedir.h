/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_MAKEDIR_H
#define MMCP_TREE_MAKEDIR_H

#include <stdbool.h>

#include "tree/walkstate.h"

/* The copy of a directory.  Errors are reported here.  */

/* Open the destination of DIR, ENTRY's directory, whose source is open; make it first if
   it doesn't exist.  Return 0, or -1.  */
int
makedir_open(struct walk *walk, struct entry *entry, struct dirpair *dir);

/* Return whether a new copy of DIR that has nothing in it is complete when it is made:
   options give it no more than the umask, and an ACL that it inherits, leave of its
   mode.  */
bool
makedir_suffices(const struct walk *walk, const struct dirpair *dir);

/* Make the destination of DIR, ENTRY's directory, where that suffices.  Return 0, or
   -1.  */
int
makedir_empty(struct walk *walk, struct entry *entry, struct dirpair *dir);

#endif
