/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_VISIT_H
#define MMCP_TREE_VISIT_H

#include "tree/entry.h"

/* Visit ENTRY, whose first part the caller has set: look at it on both sides, decide by
   cp's rules what becomes of it, and make what one call makes (links, special files).
   Directories and contents are left to the caller.  Errors are reported here, so only
   the parent process may call this.  */
enum entry_next
visit_entry(struct session *session, struct entry *entry);

#endif
