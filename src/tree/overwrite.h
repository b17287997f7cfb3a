/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_OVERWRITE_H
#define MMCP_TREE_OVERWRITE_H

#include "tree/entry.h"

/* See what stands under the name of ENTRY's destination, if anything may: its source
   was looked at.  0, or -1 and it was said.  */
int
overwrite_look(const struct session *session, struct entry *entry);

/* Whether that lets ENTRY be copied, by the rules and, if he is to be asked, by the
   user.  ENTRY_CONTENT: it does, and what is to become of it is in ENTRY; ENTRY_FAILED,
   and it was said; or ENTRY_DONE: it stays, and nothing is wrong.  */
enum entry_next
overwrite_decide(const struct session *session, struct entry *entry);

#endif
