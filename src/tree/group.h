/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_GROUP_H
#define MMCP_TREE_GROUP_H

#include <stdbool.h>
#include <stdint.h>

/* --atomic: copies of a directory's files that are synced together.  Each is held
   (held.h) until all of them are on the device, and gets its name then.  The level has
   marked the names (level.h): if the walker dies, another finds them there, and no copy,
   since what has no name dies with its process.  */

enum { GROUP_FILES = 256 };

struct held;
struct level;

struct group {
	struct member *members[GROUP_FILES];	/* made when they are needed */
	unsigned count;		/* copies */
	unsigned done;		/* of which so many are dealt with */
	uint64_t bytes;		/* of all copies */
	bool synced;
};

/* Return where another copy of a name of LEVEL may be held; NULL if this isn't the time,
   or with it more than BUDGET descriptors would be open.  */
struct held *
group_place(struct group *group, const struct level *level, unsigned budget);

/* The copy of LEVEL's next name, SIZE bytes, is held there.  */
void
group_add(struct group *group, struct level *level, uint64_t size);

/* Return whether copies are held.  */
bool
group_is_pending(const struct group *group);

/* Return whether GROUP is to end before another file is copied.  */
bool
group_is_full(const struct group *group, unsigned budget);

/* Return the copy of LEVEL's next name, on the device or with an error, and take it out
   of GROUP; NULL if there is none, or a signal asks us to end.  MUST: as for
   dest_flush.  */
struct held *
group_take(struct group *group, const struct level *level, bool must);

/* Close all copies, which are gone then.  */
void
group_abandon(struct group *group);

/* The same, and free the memory.  */
void
group_free(struct group *group);

#endif
