/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_HELD_H
#define MMCP_FILE_HELD_H

#include <stdbool.h>

#include "file/deststate.h"
#include "file/outcome.h"

/* A copy that is whole, but not on the device yet, and has no name: these steps are left
   for later, so that many copies can be synced together.  It has not even a hidden name.
   So nothing is left of it if the process dies.  */
struct held {
	struct dest dest;
	struct copied copied;
	struct error error;	/* why it can't have its name; or ERROR_NO_STEP */
};

/* Take over DEST, which is open, has no name, and is finished otherwise.  */
void
held_take(struct held *held, struct dest *dest);

/* Have the device begin with what held_sync waits for.  */
void
held_begin_sync(const struct held *held);

/* Wait until data and metadata are on the device, as dest_flush does; an error is
   noted.  */
void
held_sync(struct held *held, bool must);

/* The same was achieved by a syncfs(2) of the file system.  */
void
held_is_synced(struct held *held);

/* Give the copy its name, count it, and close it.  Return 0, or -1; OUTCOME is as after
   copy_file.  */
int
held_commit(struct held *held, struct copy_outcome *outcome);

/* Close the copy, which is gone then.  */
void
held_abandon(struct held *held);

#endif
