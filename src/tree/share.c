/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share.c: a walker gives to others what it has, and takes what they give.  */
#include "config.h"

#include "tree/share.h"

#include <errno.h>
#include <stdlib.h>

#include "report/entrymessages.h"
#include "report/relay.h"
#include "tree/peerdevice.h"
#include "tree/peers.h"
#include "tree/readnames.h"

/* After a search in vain, so many directories to be searched are one name to be dealt
   with before the next.  */
enum { NAMES_OF_A_LEVEL = 16 };

/* Return whether names of LEVEL may be given away.  */
static bool
may_give(const struct walk *walk, const struct level *level)
{
	const struct dirpair *const dir = level->dir;

	if (dir == NULL)
		return !walk->keeps_names;
	return (!walk->keeps_names || dir->dest_is_new)
		&& dirpair_packed_size(dir) <= TASK_ROOM / 2;
}

/* Return the number of directories that WALK is in.  */
static unsigned
levels(const struct walk *walk)
{
	unsigned n = 0;

	for (const struct level *level = walk_level(walk); level != NULL;
	     level = level->above)
		n++;
	return n;
}

/* Find what to give away: *CUT.  Return whether there is something.  */
static bool
find_cut(const struct walk *walk, struct level_cut *cut)
{
	struct level *const lowest = walk_level(walk);
	struct level *found = lowest;	/* It may have names that are no directories.  */

	for (struct level *level = lowest; level != NULL; level = level->above)
		if (level_has_gift(level) && may_give(walk, level))
			found = level;
	return found != NULL && may_give(walk, found)
		&& level_halve(found, TASK_ROOM / 2, cut) > 0;
}

/* Have LEVEL's directory and all above it finished at the end, since others may have a
   part of them.  */
static void
mark_shared(struct level *level)
{
	for (; level != NULL && !level->shared; level = level->above)
		level->shared = true;
}

/* Give away CUT of WALK.  */
static void
give(struct walk *walk, const struct level_cut *cut)
{
	static struct task task;

	task.range = false;
	task.directories = cut->phase == LEVEL_DIRECTORIES;
	task.dir = task.names = 0;
	task.from = cut->from;
	task.to = cut->to;
	if (cut->level->dir != NULL) {
		task.dir = (uint32_t) dirpair_packed_size(cut->level->dir);
		dirpair_pack(cut->level->dir, task.data);
		task.names = (uint32_t) level_copy(cut, task.data + task.dir);
	}
	mark_shared(cut->level);
	/* What we have said comes before what the taker will say.  */
	relay_flush();
	walk->position->giving = *cut;
	if (queue_give(walk->queue, walk->seat, &task) == 0)
		level_apply(cut);
	atomic_store(&walk->seat->giving, 0);
}

void
share_if_wanted(struct walk *walk)
{
	struct level_cut cut;

	if (walk->queue == NULL
	    || atomic_load_explicit(&walk->queue->wanted, memory_order_relaxed) == 0)
		return;
	if (walk->unasked > 0)
		walk->unasked--;
	else if (find_cut(walk, &cut))
		give(walk, &cut);
	else	/* Deep down, a search takes as long as some names.  */
		walk->unasked = levels(walk) / NAMES_OF_A_LEVEL;
}

int
share_operands(struct queue *queue, uint32_t from, uint32_t to)
{
	static struct task task;

	task.range = false;
	task.from = from;
	task.to = to;
	return queue_give(queue, NULL, &task);
}

/* ---- taking ---- */

/* Open DIR, a task's, of which TRIES walkers have died.  Return 0, or -1, which is
   reported.  */
static int
open_taken(struct dirpair *dir, unsigned tries)
{
	if (tries >= POSITION_DEATHS)
		readnames_failed(dir, EOWNERDEAD);
	else if (dirpair_reopen(dir, NULL) == 0)
		return 0;
	else
		readnames_failed(dir, errno);
	return -1;
}

/* Return the level that TASK says; NULL if its directory can't be opened, which is
   reported.  */
static struct level *
level_of(struct walk *walk, struct task *task)
{
	void *const base = arena_top(walk->arena);

	if (task->dir == 0)
		return level_of_operands(walk->arena, task->from, task->to);
	struct dirpair *const dir = dirpair_unpack(walk->arena, task->data);
	struct level *const level = dir == NULL ? NULL
		: level_new(walk->arena, NULL, dir, base);
	if (level == NULL || level_add_all(level, walk->arena, task->data + task->dir,
					   task->names) < 0) {
		report_cannot_copy(dir != NULL ? dir->name : "", errno);
		return NULL;
	}
	level->taken = true;
	if (task->directories)
		level_skip_to_directories(level);
	return open_taken(dir, task->tries++) == 0 ? level : NULL;
}

/* WALK goes on in LEVEL, of others.  */
static void
note_where(struct walk *walk, const struct level *level)
{
	char *const name = level->dir != NULL ? dirpair_own_source_name(level->dir)
		: NULL;

	if (name != NULL)
		position_set_where(walk->position, name);
	free(name);
}

int
share_begin(struct walk *walk, struct task *task)
{
	void *const base = arena_top(walk->arena);

	if (task->range) {
		peers_serve_range(task);
		walk->position->task = task->number;
		return 0;
	}
	struct level *const level = level_of(walk, task);
	if (level == NULL) {
		arena_pop(walk->arena, base);
		walk->position->task = task->number;
		return -1;
	}
	level->task = task->number;
	note_where(walk, level);
	atomic_store(&walk->position->level, level);
	walk->position->task = task->number;
	return 0;
}

void
share_finish_later(const struct dirpair *dir)
{
	const size_t size = dirpair_packed_size(dir);
	char *const packed = malloc(size);

	if (packed == NULL) {
		report_cannot_copy(dir->name, errno);
		return;
	}
	dirpair_pack(dir, packed);
	peerdevice_pack(packed);
	relay_give(RELAY_DIRECTORY, packed, size);
	free(packed);
}

void
share_wait(struct walk *walk, struct link *link)
{
	if (walk->wait_here != NULL
	    && linktable_wait_by(walk->session->links, link, walk->wait_here,
				 walk->waits_for))
		return;		/* The caller looks again.  */
	smallfile_end(&walk->smallfile);
	relay_flush();
	linktable_wait(walk->session->links, link);
}
