/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_SPECIAL_H
#define MMCP_TREE_SPECIAL_H

#include "tree/entry.h"

/* What has no bytes to be copied: links, of either kind, and special files.  It
   speaks.  */

/* Make ENTRY, whose destination's name is free or may be taken, by what it is and by what
   links are asked for.  ENTRY_DONE, or ENTRY_FAILED.  */
enum entry_next
special_make(const struct session *session, struct entry *entry);

#endif
