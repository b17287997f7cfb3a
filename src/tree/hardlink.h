/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_HARDLINK_H
#define MMCP_TREE_HARDLINK_H

#include "tree/entry.h"

/* Names of one source become names of one copy.  Errors are reported here.  */

/* Return true if a worker still copies another name of ENTRY's source.  ENTRY->link is
   the copy to wait for then.  */
bool
hardlink_is_coming(const struct session *session, struct entry *entry);

/* Make ENTRY a link to the copy of another name of its source.  Return ENTRY_DONE if it
   is made; ENTRY_CONTENT if ENTRY is the first name, and remembered as such; ENTRY_WAIT
   as above; ENTRY_FAILED.  */
enum entry_next
hardlink_make(struct session *session, struct entry *entry);

/* The file under ENTRY's destination stays, because it is not older.  Remember it as the
   copy of its source, or make it a link to the copy that another name has.  Return
   ENTRY_DONE or ENTRY_FAILED.  */
enum entry_next
hardlink_keep(struct session *session, struct entry *entry);

/* Return whether other names of ENTRY's source become links to ENTRY's copy, since that
   is complete.  ENTRY wasn't looked at yet.  */
bool
hardlink_is_there(const struct session *session, struct entry *entry);

/* Return true if ENTRY's destination is the copy of another name of its source, which was
   made or found whole before.  */
bool
hardlink_stands(const struct session *session, const struct entry *entry);

#endif
