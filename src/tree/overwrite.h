/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_OVERWRITE_H
#define MMCP_TREE_OVERWRITE_H

#include "tree/entry.h"

/* Look at what stands under the name of ENTRY's destination, unless that is known to be
   free.  ENTRY's source is known.  Return 0, or -1, which is reported.  */
int
overwrite_look(const struct session *session, struct entry *entry);

/* Return whether ENTRY's destination, which exists, is known to stay because of --update,
   by the status of both.  */
bool
overwrite_stays(const struct session *session, const struct entry *entry);

/* Decide whether ENTRY is copied over it, by cp's rules and, with -i, by asking the user.
   ENTRY_CONTENT: it is, and ENTRY says whether the old file is removed or renamed;
   ENTRY_DONE: the old file stays; ENTRY_FAILED: an error, which is reported.  Nothing is
   changed yet.  */
enum entry_next
overwrite_decide(const struct session *session, struct entry *entry);

#endif
