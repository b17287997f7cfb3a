/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_TEAMFORK_H
#define MMCP_TREE_TEAMFORK_H

#include <poll.h>
#include <stdbool.h>

#include "base/crew.h"
#include "report/relay.h"
#include "tree/later.h"
#include "tree/teamsize.h"
#include "tree/walkstate.h"

/* Making a team, and forking its walkers.  For team.c, teamlisten.c and teamwhere.c.  */

/* Where the last walker of a seat was when it died.  */
struct grave {
	const struct level *level;
	uint64_t at, task, begun;
	unsigned counted;	/* deaths there, by those that came after them */
	unsigned deaths;	/* so many, since then */
};

struct team {
	struct walk *walk;	/* the parent's */
	struct queue *queue;
	struct crew crew;
	unsigned here;		/* the seat, from 1, whose work the parent does; or 0 */
	unsigned size;		/* of what follows; fds has three more */
	struct arena **arenas;
	struct position **positions;
	struct grave *graves;
	struct relay_readers readers;
	struct pollfd *fds;	/* the pipes, the parent's bell, the tick, and what other
				   ranks send */
	bool is_readable;	/* pipes may have something */
	uint64_t heard;		/* how many blocks had been sent when they were read */
	struct later later;	/* directories to be finished */
	struct teamsize growth;
	int tick;		/* a timer, for growth; or -1 */
	int theirs;		/* the new walker's end of its pipe, while it is forked */
	bool adopted;		/* it goes on for one that died */
};

/* Return a team that has seats for SIZE walkers, of which the first BEGIN may be forked
   at once; with more seats, a tick.  NULL without memory.  */
struct team *
teamfork_new(struct walk *walk, unsigned begin, unsigned size);

void
teamfork_free(struct team *team);

/* Fork the walker in SEAT; if ADOPTED, it goes on for the one that was there.  Return 0,
   or -1 if that can't be.  */
int
teamfork_walker(struct team *team, unsigned seat, bool adopted);

#endif
