/* SPDX-License-Identifier: GPL-3.0-or-later */
/* team.c: begin with walkers, see to them, replace those that die.  What can't be
   forked is done here.  */
#include "config.h"

#include "tree/team.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/ranks.h"
#include "base/signals.h"
#include "report/stats.h"
#include "tree/peers.h"
#include "tree/redo.h"
#include "tree/share.h"
#include "tree/teamfork.h"
#include "tree/teamwork.h"
#include "tree/walk.h"

/* ---- beginning ---- */

/* Descriptors that another process is to have.  */
struct handed {
	int *fds;
	size_t count;
};

/* Return those of the directories that WALK is in.  */
static struct handed
descriptors_of(const struct walk *walk)
{
	struct handed handed = { .count = 0 };
	const struct level *const lowest = walk_level(walk);
	size_t most = 0;

	for (const struct level *level = lowest; level != NULL; level = level->above)
		most += 2;
	handed.fds = calloc(most + 1, sizeof *handed.fds);
	for (const struct level *level = handed.fds == NULL ? NULL : lowest;
	     level != NULL; level = level->above) {
		if (level->dir != NULL && level->dir->source >= 0)
			handed.fds[handed.count++] = level->dir->source;
		if (level->dir != NULL && level->dir->dest >= 0)
			handed.fds[handed.count++] = level->dir->dest;
	}
	return handed;
}

/* If FORKED, they are the other process's alone.  */
static void
hand_over(struct handed *handed, bool forked)
{
	for (size_t i = 0; forked && i < handed->count; i++) {
		close(handed->fds[i]);
		dirpair_count(-1);
	}
	free(handed->fds);
}

/* The first walker has WALK's arena: swap it for its own.  */
static void
swap_arena(struct team *team)
{
	struct walk *const walk = team->walk;
	struct arena *const arena = walk->arena;
	struct position *const position = walk->position;

	walk->arena = team->arenas[0];
	walk->position = team->positions[0];
	team->arenas[0] = arena;
	team->positions[0] = position;
}

/* There are more or fewer walkers than before; WHY is for --debug.  */
static void
tell(const struct team *team, enum walkers_why why)
{
	stats_walkers(team->crew.living);
	if (team->walk->session->policy->debug && ranks_own() == 0)
		report_walkers(team->crew.living, why, team->growth.waited);
}

/* Keep what a walker gave: a directory to be finished.  */
static void
take_later(void *context, const void *data, size_t len)
{
	struct team *const team = context;

	later_add(&team->later, data, len);
}

struct team *
team_begin(struct walk *walk)
{
	struct team *const team = teamfork_new(walk, walk->most,
					       walk->grows && walk->most < TEAMSIZE_MOST
					       ? TEAMSIZE_MOST : walk->most);

	if (team == NULL)
		return NULL;
	smallfile_end(&walk->smallfile);
	peers_join(team->queue, team_listen_again, team);
	crew_open(&team->crew);
	relay_takes(RELAY_DIRECTORY, take_later, team);
	struct handed handed = descriptors_of(walk);
	swap_arena(team);
	const bool forked = teamfork_walker(team, 0, false) == 0;
	hand_over(&handed, forked);
	if (forked)
		group_abandon(&walk->group);
	if (!forked) {
		peers_quit();
		swap_arena(team);
		crew_close(&team->crew);
		teamfork_free(team);
		return NULL;
	}
	for (unsigned i = 1; i < walk->most; i++)
		if (teamfork_walker(team, i, false) < 0)
			break;
	tell(team, team->crew.living < walk->most ? WALKERS_NO_PROCESS : walk->why);
	return team;
}

/* ---- here ---- */

static int attend(struct team *team);

/* Let the parent's walk wait for what another walker makes.  Return false if there is
   none.  */
static bool
wait_here(void *context)
{
	struct team *const team = context;

	return team->crew.living > 0 && attend(team) == 0;
}

/* Do here what the walker in SEAT had left when it died, and what nobody else can.  While
   that waits for another walker, it may die, too: then its work is done in between.  It
   waits for no copy of ours, since who makes a copy waits for none.  */
static void
do_here(struct team *team, unsigned seat)
{
	struct walk *const walk = team->walk;
	const struct walk outer = *walk;
	const struct session session = *walk->session;
	const unsigned here = team->here;

	team->here = seat + 1;
	queue_seat(team->queue, seat);
	walk->arena = team->arenas[seat];
	walk->position = walk->session->position = team->positions[seat];
	session_forget_operands(walk->session);
	linktable_is_walker(session.links, team->here, -1);
	walk->locks = team->queue;
	walk->wait_here = wait_here;
	walk->waits_for = team;
	walk->most = 1;
	teamwork_adopt(walk, team->queue, seat);
	do
		walk_on(walk);
	while (team->crew.living == 0 && signals_fatal() == 0
	       && queue_try(team->queue, seat)
	       && (share_begin(walk, &team->queue->seats[seat].task), true));
	queue_leave(team->queue, seat);
	smallfile_end(&walk->smallfile);
	team->here = here;
	walk->arena = outer.arena;
	walk->position = outer.position;
	walk->locks = outer.locks;
	walk->wait_here = outer.wait_here;
	walk->most = outer.most;
	*walk->session = session;
	linktable_is_walker(session.links, here, -1);
}

/* Fork more walkers, or let one end, if it is time for that.  */
static void
adapt(struct team *team)
{
	struct queue *const queue = team->queue;
	uint64_t used = 0, count;

	if (team->tick < 0 || read(team->tick, &count, sizeof count) < 0)
		return;
	for (unsigned i = 0; i < team->size; i++)
		if (team->crew.pids[i] != 0)
			used += teamsize_used(team->crew.pids[i]);
	int more = teamsize_look(&team->growth, clock_now(), used, team->crew.living,
				 atomic_load(&queue->idle));
	if (more < 0)
		atomic_store(&queue->surplus, true);
	const unsigned before = team->crew.living;
	for (unsigned i = 0; more > 0 && i < team->size; i++)
		if (team->crew.pids[i] == 0 && queue_is_empty(queue, i)) {
			if (teamfork_walker(team, i, false) < 0)
				break;
			more--;
		}
	if (team->crew.living > before)
		tell(team, WALKERS_WAIT);
}

/* The walker in SEAT died.  Return whether another one would only do the same: so many
   died there before they came to count that themselves, or although they did.  */
static bool
dies_again(struct team *team, unsigned seat)
{
	const struct position *const position = team->positions[seat];
	const struct level *const level = position->level;
	const struct task *const task = &team->queue->seats[seat].task;
	struct grave *const last = &team->graves[seat];
	const struct grave grave = {
		.level = level, .at = level != NULL ? level_place(level) : 0,
		.task = task->number, .begun = position->task,
		.counted = (level != NULL ? level->deaths : 0) + task->tries,
	};

	if (last->level != level || last->at != grave.at || last->task != grave.task
	    || last->begun != grave.begun || last->counted != grave.counted)
		*last = grave;
	return ++last->deaths > POSITION_DEATHS
		|| (level != NULL && level->deaths > 2 * POSITION_DEATHS)
		|| task->tries > 2 * POSITION_DEATHS;
}

/* The walker in SEAT has ended.  */
static void
bury(struct team *team, unsigned seat)
{
	struct relay *const relay = &team->queue->seats[seat].relay;

	team_listen(team);
	relay_close(&team->readers.reader[seat], relay);
	if (queue_is_empty(team->queue, seat)) {	/* It was one too many.  */
		tell(team, WALKERS_COMPUTE);
		return;
	}
	queue_leave(team->queue, seat);
	peers_bury(seat);
	relay->answered = relay->asked = 0;
	if (atomic_load(&team->queue->ended) || signals_fatal() != 0)
		return;
	/* It may have died before it rang the bell of a worker that it had called, or
	   that waits for its link.  */
	queue_ring_all(team->queue);
	if (dies_again(team, seat) || teamfork_walker(team, seat, true) < 0)
		do_here(team, seat);
}

/* Wait until something happens, and see to it.  Return 0, or -1 if a signal asks us to
   end.  */
static int
attend(struct team *team)
{
	const int bell = queue_parent_bell(team->queue);
	unsigned seat;
	int status;

	for (unsigned i = 0; i < team->size; i++)
		team->fds[i] = (struct pollfd) { .fd = team->readers.reader[i].fd,
						 .events = POLLIN };
	team->fds[team->size] = (struct pollfd) { .fd = bell, .events = POLLIN };
	team->fds[team->size + 1] = (struct pollfd) { .fd = team->tick,
						      .events = POLLIN };
	team->fds[team->size + 2] = (struct pollfd) { .fd = ranks_descriptor(),
						      .events = POLLIN };
	const int ret = crew_poll(&team->crew, team->fds, team->size + 3, &seat, &status);
	if (ret > 0)
		bury(team, seat);
	team->is_readable = true;
	adapt(team);
	bell_hear(bell);
	team_listen(team);
	peers_attend();
	return ret < 0 || signals_fatal() != 0 ? -1 : 0;
}

/* ---- for the operands ---- */

bool
team_is_hungry(const struct team *team)
{
	return atomic_load(&team->queue->idle) > 0;
}

void
team_give(struct team *team, uint32_t from, uint32_t to)
{
	atomic_store(&team->queue->parent_waits, true);
	while (share_operands(team->queue, from, to) < 0)
		if (attend(team) < 0)
			return;
		else
			atomic_store(&team->queue->parent_waits, true);
	if (team->crew.living == 0)
		do_here(team, 0);
}

void
team_stop_if_asked(const struct team *team)
{
	crew_stop_if_asked(&team->crew);
}

/* ---- the end ---- */

/* Wait until all walkers have ended by themselves.  Return 0, or -1 as attend.  */
static int
end_all(struct team *team)
{
	peers_attend();
	while (!queue_is_done(team->queue) || !peers_are_done())
		if (attend(team) < 0)
			return -1;
	queue_end(team->queue);
	while (team->crew.living > 0)
		if (attend(team) < 0)
			return -1;
	return 0;
}

/* A signal asks us to end: so do the walkers.  Remove what those have left that were
   killed, and what one that took over hadn't come to yet.  */
static void
dismiss(struct team *team)
{
	crew_dismiss(&team->crew);
	for (unsigned i = 0; i < team->size; i++)
		if (team->positions[i] != NULL && team->crew.pids[i] == 0
		    && !team->crew.killed[i] && !team->positions[i]->redo)
			position_forgets(team->positions[i]);
	crew_close(&team->crew);
	team_listen(team);
	for (unsigned i = 0; i < team->size; i++) {
		struct walk theirs = { .session = team->walk->session,
				       .position = team->positions[i],
				       .operand = team->walk->operand,
				       .operands = team->walk->operands };
		if (theirs.position == NULL)
			continue;
		position_adopt(theirs.position, queue_has_given(team->queue, i));
		redo_clean(&theirs);
	}
}

void
team_serve(struct team *team)
{
	peers_attend();
	while (!peers_have_ended())
		if (attend(team) < 0)
			return;
}

void
team_finish(struct team *team)
{
	struct walk *const walk = team->walk;

	if (end_all(team) < 0)
		dismiss(team);
	else
		crew_close(&team->crew);
	peers_quit();
	for (unsigned i = 0; i < team->size; i++)
		relay_close(&team->readers.reader[i], &team->queue->seats[i].relay);
	if (signals_fatal() == 0)
		later_finish(&team->later, walk);
	linktable_share(walk->session->links, NULL, 0);
	teamfork_free(team);
}
