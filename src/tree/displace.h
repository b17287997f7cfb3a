/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_DISPLACE_H
#define MMCP_TREE_DISPLACE_H

#include <stdbool.h>

#include "tree/entry.h"

/* What stands under the name of an entry's destination makes room.  Errors are reported
   here.  */

/* Remove what stands there, if ENTRY->remove_destination.  Return ENTRY_CONTENT, with
   that cleared, or ENTRY_FAILED.  */
enum entry_next
displace_remove(const struct session *session, struct entry *entry);

/* Prepare ENTRY's destination for something that is made by one call.  An old file that
   has to go stays, and ENTRY->remove_destination remains set, if the new file can take
   its place by a rename; otherwise it is removed now, as cp does.  Return ENTRY_CONTENT
   or ENTRY_FAILED.  */
enum entry_next
displace_prepare(const struct session *session, struct entry *entry);

/* Report that ENTRY's copy has taken the place of what stood there.  */
void
displace_announce(const struct session *session, struct entry *entry);

/* Rename what stands in ENTRY's way to its backup, if ENTRY->backup.  Return 0, with the
   backup's path in *BACKUP, to be freed by displace_settle_backup (NULL: there was
   nothing to rename); or -1.  */
int
displace_back_up(const struct session *session, const struct entry *entry, char **backup);

/* Free BACKUP, from displace_back_up.  Unless what takes its place is THERE, rename it
   back first.  */
void
displace_settle_backup(const struct session *session, const struct entry *entry,
	char *backup, bool there);

#endif
