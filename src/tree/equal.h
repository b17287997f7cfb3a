/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_EQUAL_H
#define MMCP_TREE_EQUAL_H

#include "tree/entry.h"

/* With --update=checksum: return 1 if what stands under the name of ENTRY's destination
   has the content that a copy would have: the same bytes, target or device.  0 if not,
   and entry->same says how many bytes at the start are the same; -1 if the source can't
   be read, which is reported.  */
int
equal_is(const struct session *session, struct entry *entry);

/* Report that something of another kind stands there, where nothing is done but to
   compare.  */
void
equal_is_of_another_kind(const struct entry *entry);

#endif
