/* SPDX-License-Identifier: GPL-3.0-or-later */
/* group.c: sync many copies at once before they get their names.  If each were synced for
   itself, ext4 would commit its journal as often as there are files
   (doc/measurements.md#durable-trees).  */
#include "config.h"

#include "tree/group.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/signals.h"
#include "file/held.h"
#include "tree/durable.h"
#include "tree/level.h"

/* A group ends with so many bytes.  From so many files on, the file system is synced;
   fewer are not worth that, since it writes everybody else's data, too.  */
enum { BYTES = 64 << 20, SYNCFS_FROM = 64 };

/* Descriptors of a copy that is held: its own, and the old file's.  Some are left for
   the next copy.  */
enum { DESCRIPTORS = 2, LEFT = 16 };

struct member {
	struct held held;
	uint32_t at;		/* the offset of its name in the level */
};

/* ---- beginning ---- */

/* Return whether descriptors suffice for one more copy.  */
static bool
has_room(const struct group *group, unsigned budget)
{
	return group->count < GROUP_FILES
		&& dirpair_open_count() + (group->count + 1) * DESCRIPTORS + LEFT
			<= budget;
}

struct held *
group_place(struct group *group, const struct level *level, unsigned budget)
{
	if (level == NULL || level->dir == NULL || level_phase(level) != LEVEL_NAMES
	    || !has_room(group, budget))
		return NULL;
	struct member **const member = &group->members[group->count];
	if (*member == NULL)
		*member = malloc(sizeof **member);
	return *member == NULL ? NULL : &(*member)->held;
}

void
group_add(struct group *group, struct level *level, uint64_t size)
{
	group->members[group->count++]->at = level_offset(level);
	group->bytes += size;
	level_hold(level);
}

bool
group_is_pending(const struct group *group)
{
	return group->count > 0;
}

bool
group_is_full(const struct group *group, unsigned budget)
{
	return group->count > 0 && (group->bytes >= BYTES || !has_room(group, budget));
}

/* ---- the end ---- */

/* Return whether one syncfs(2) has all copies of GROUP, in DIR, on the device.  It
   reports what went wrong since the first of them was opened.  */
static bool
sync_all(const struct group *group, const struct dirpair *dir)
{
	return group->count >= SYNCFS_FROM
		&& durable_is_reported(dir->dest, dir->dest_st.st_dev)
		&& syncfs(group->members[0]->held.dest.file.fd) == 0;
}

/* Have all copies on the device, or know why not.  Return false if a signal asks us to
   end.  */
static bool
sync_group(struct group *group, const struct dirpair *dir, bool must)
{
	const bool synced = sync_all(group, dir);

	/* If that failed, one of them may be to blame.  What one fsync waits for, the
	   next needn't.  */
	for (unsigned i = 0; !synced && i < group->count; i++)
		held_begin_sync(&group->members[i]->held);
	for (unsigned i = 0; i < group->count && signals_fatal() == 0; i++)
		if (synced)
			held_is_synced(&group->members[i]->held);
		else
			held_sync(&group->members[i]->held, must);
	group->synced = signals_fatal() == 0;
	return group->synced;
}

static void
clear(struct group *group)
{
	group->count = group->done = 0;
	group->bytes = 0;
	group->synced = false;
}

struct held *
group_take(struct group *group, const struct level *level, bool must)
{
	if (group->done >= group->count
	    || group->members[group->done]->at != level_offset(level)
	    || (!group->synced && !sync_group(group, level->dir, must)))
		return NULL;
	struct held *const held = &group->members[group->done++]->held;
	if (group->done == group->count)
		clear(group);
	return held;
}

void
group_abandon(struct group *group)
{
	for (unsigned i = group->done; i < group->count; i++)
		held_abandon(&group->members[i]->held);
	clear(group);
}

void
group_free(struct group *group)
{
	group_abandon(group);
	for (unsigned i = 0; i < GROUP_FILES; i++)
		free(group->members[i]);
}
