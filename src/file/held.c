/* SPDX-License-Identifier: GPL-3.0-or-later */
/* held.c: the last steps of a copy that waited for others.  */
#include "config.h"

#include "file/held.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/totals.h"
#include "file/dest.h"

void
held_take(struct held *held, struct dest *dest)
{
	held->dest = *dest;
	if (dest->name == dest->real_name)
		held->dest.name = held->dest.real_name;
	error_set(&held->error, ERROR_NO_STEP, 0);
	*dest = DEST_CLOSED;
}

void
held_begin_sync(const struct held *held)
{
	sync_file_range(held->dest.file.fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

void
held_sync(struct held *held, bool must)
{
	dest_flush(&held->dest, must, &held->error);
}

void
held_is_synced(struct held *held)
{
	held->dest.flushed = true;
}

int
held_commit(struct held *held, struct copy_outcome *outcome)
{
	outcome_clear(outcome);
	outcome->copied = held->copied;
	outcome->error = held->error;
	const int ret = held->error.step != ERROR_NO_STEP ? -1
		: dest_commit(&held->dest, false, &outcome->error);
	held_abandon(held);
	outcome_count_held(outcome, ret);	/* last: it may be done again */
	return ret;
}

void
held_abandon(struct held *held)
{
	dest_close(&held->dest);
}
