/* SPDX-License-Identifier: GPL-3.0-or-later */
/* teamfork.c: the memory, pipes and processes of walkers.  */
#include "config.h"

#include "tree/teamfork.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ranks.h"
#include "tree/teamwork.h"

/* Make an arena, with a position.  Return 0, or -1 with errno.  */
static int
make_arena(struct arena **arena, struct position **position)
{
	*arena = arena_new(POSITION_ARENA, true);
	if (*arena != NULL && (*position = position_new(*arena)) != NULL)
		return 0;
	arena_free(*arena);
	*arena = NULL;
	return -1;
}

/* Return a timer that is due each time that the number of walkers may change; -1 without
   one.  */
static int
make_tick(void)
{
	const struct timespec every = { .tv_nsec = TEAMSIZE_EVERY };
	const struct itimerspec timer = { .it_interval = every, .it_value = every };
	const int tick = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (tick >= 0)
		timerfd_settime(tick, 0, &timer, NULL);
	return tick;
}

void
teamfork_free(struct team *team)
{
	for (unsigned i = 0; team->arenas != NULL && i < team->size; i++)
		arena_free(team->arenas[i]);
	if (team->queue != NULL)
		queue_free(team->queue);
	if (team->tick >= 0)
		close(team->tick);
	later_free(&team->later);
	free(team->arenas);
	free(team->positions);
	free(team->graves);
	free(team->readers.reader);
	free(team->fds);
	free(team);
}

struct team *
teamfork_new(struct walk *walk, unsigned begin, unsigned size)
{
	struct team *const team = calloc(1, sizeof *team);

	if (team == NULL)
		return NULL;
	team->walk = walk;
	team->size = size;
	team->tick = -1;
	team->arenas = calloc(size, sizeof *team->arenas);
	team->positions = calloc(size, sizeof *team->positions);
	team->graves = calloc(size, sizeof *team->graves);
	team->readers = (struct relay_readers) {
		calloc(size, sizeof *team->readers.reader), size };
	team->fds = calloc(size + 3, sizeof *team->fds);
	team->queue = queue_new(size);
	bool made = team->arenas != NULL && team->positions != NULL
		&& team->graves != NULL && team->readers.reader != NULL
		&& team->fds != NULL && team->queue != NULL
		&& linktable_share(walk->session->links, team->queue->bells, size + 1)
			== 0;
	for (unsigned i = 0; made && i < size; i++)
		team->readers.reader[i].fd = -1;
	for (unsigned i = 0; made && i < begin; i++)
		made = make_arena(&team->arenas[i], &team->positions[i]) == 0;
	if (made) {
		team->growth = teamsize_begin(begin, size, clock_now());
		team->tick = size > begin || ranks_are_many() ? make_tick() : -1;
		return team;
	}
	teamfork_free(team);
	return NULL;
}

/* ---- forking ---- */

static int
run_walker(void *context, unsigned seat)
{
	struct team *const team = context;
	struct walk *const walk = team->walk;

	walk->arena = team->arenas[seat];
	walk->position = team->positions[seat];
	walk->wait_here = NULL;
	walk->position->redo = false;
	teamwork(walk, team->queue, seat, team->theirs, team->adopted);
	return 0;
}

int
teamfork_walker(struct team *team, unsigned seat, bool adopted)
{
	int ends[2];

	if ((team->arenas[seat] == NULL
	     && make_arena(&team->arenas[seat], &team->positions[seat]) < 0)
	    || pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	team->theirs = ends[1];
	team->adopted = adopted;
	queue_seat(team->queue, seat);
	const int ret = fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 ? -1
		: crew_fork(&team->crew, seat, run_walker, team);
	close(ends[1]);
	if (ret == 0) {
		relay_open(&team->readers.reader[seat], ends[0]);
		return 0;
	}
	close(ends[0]);
	queue_leave(team->queue, seat);
	return -1;
}
