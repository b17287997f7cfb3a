/* SPDX-License-Identifier: GPL-3.0-or-later */
/* threadwalk.c: a walker as a thread.  What share.c, teamwork.c and walk.c do with files
   is done here with numbers, and at each step it may die.  */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bell.h"
#include "threads.h"

enum { NAME = 64 };

_Noreturn static void
go(struct walker *walker, bool died)
{
	walker->died = died;
	atomic_store(&walker->gone, true);
	bell_ring(queue_parent_bell(queue));
	pthread_exit(NULL);
}

/* A moment at which a walker may be killed.  */
static void
risk(struct walker *walker)
{
	if (walker->luck-- == 0)
		go(walker, true);
}

/* The same with a lock, or with a task half given or taken.  */
static void
risk_all(struct walker *walker)
{
	struct seat *const seat = &queue->seats[walker->seat];

	if (walker->luck-- > 0)
		return;
	switch (below(&walker->random, 4)) {
	case 0:
		lock_links(walker->links, below(&walker->random, 64));
		break;
	case 1:
		robustlock_take(&queue->lock);
		seat->giving = queue->tail + 1;
		break;
	case 2:
		robustlock_take(&queue->lock);
		if (seat->giving == 0 && queue_has_taken(queue, walker->seat))
			queue->idle = 99;
		break;
	}
	go(walker, true);
}

/* ---- a walker ---- */

static struct level *
level_of(const struct walker *walker)
{
	return walker->position->level;
}

/* Give away what the others want.  */
static void
share(struct walker *walker)
{
	struct seat *const seat = &queue->seats[walker->seat];
	struct task *const task = &walker->gift;
	struct level *const lowest = level_of(walker);
	struct level *most = lowest;
	struct level_cut cut;

	if (atomic_load_explicit(&queue->idle, memory_order_relaxed) == 0)
		return;
	for (struct level *level = lowest; level != NULL; level = level->above)
		if (level_has_gift(level))
			most = level;
	if (most == NULL || level_halve(most, TASK_ROOM / 2, &cut) == 0)
		return;
	task->directories = cut.phase == LEVEL_DIRECTORIES;
	task->from = cut.from;
	task->to = cut.to;
	task->dir = task->names = 0;
	if (cut.level->dir != NULL) {
		task->dir = sizeof(unsigned);
		memcpy(task->data, &cut.level->dir->depth, task->dir);
		task->names = (uint32_t) level_copy(&cut, task->data + task->dir);
	}
	walker->position->giving = cut;
	risk_all(walker);
	const bool given = queue_give(queue, seat, task) == 0;
	risk(walker);
	if (given)
		level_apply(&cut);
	risk(walker);
	atomic_store(&seat->giving, 0);
}

/* Begin with TASK.  */
static void
begin(struct walker *walker, const struct task *task)
{
	struct arena *const arena = walker->arena;
	void *const base = arena_top(arena);
	struct level *level;
	unsigned dir;

	if (task->dir == 0) {
		level = level_of_operands(arena, task->from, task->to);
	} else {
		memcpy(&dir, task->data, sizeof dir);
		level = level_new(arena, NULL, directories[dir], base);
		if (level_add_all(level, arena, task->data + task->dir, task->names) < 0)
			fail("no room for the names of", dir);
		if (task->directories)
			level_skip_to_directories(level);
	}
	level->task = task->number;
	risk(walker);
	atomic_store(&walker->position->level, level);
	risk(walker);
	walker->position->task = task->number;
}

/* Go on where another one died.  */
static void
adopt(struct walker *walker)
{
	struct position *const position = walker->position;
	struct seat *const seat = &queue->seats[walker->seat];
	struct level *level = position->level;

	position_adopt(position, queue_has_given(queue, walker->seat));
	atomic_store(&seat->giving, 0);
	walker->redo = true;
	while (level != NULL && level->above != NULL)
		level = level->above;
	if (level != NULL && level->task == seat->task.number)
		position->task = level->task;
	if (queue_has_taken(queue, walker->seat) && position->task != seat->task.number)
		begin(walker, &seat->task);
}

/* Enter directory DIR.  */
static void
enter(struct walker *walker, unsigned dir)
{
	struct level *const up = level_of(walker);
	void *const base = arena_top(walker->arena);
	struct level *const level = level_new(walker->arena, up, directories[dir], base);
	char name[NAME];

	memset(name, 'a' + (int) dir % 26, dir % NAME);
	name[dir % NAME] = '\0';
	position_set_where(walker->position, name);
	atomic_fetch_add(&entered[dir], 1);
	for (unsigned i = 0; i < FILES; i++)
		if (home[i] == dir && snprintf(name, sizeof name, "%u", i) > 0
		    && level_add(level, walker->arena, name, DT_REG) < 0)
			fail("no room for", i);
	for (unsigned i = OPERANDS; i < DIRECTORIES; i++)
		if (above[i] == dir && snprintf(name, sizeof name, "%u", i) > 0
		    && level_add(level, walker->arena, name, DT_DIR) < 0)
			fail("no room for directory", i);
	level->entered = level_offset(up);
	risk(walker);
	atomic_store(&walker->position->level, level);
}

static void
leave(struct walker *walker)
{
	struct level *const level = level_of(walker);
	struct level *const up = level->above;

	if (up != NULL && level_offset(up) == level->entered)
		level_skip(up);
	risk(walker);
	atomic_store(&walker->position->level, up);
	position_forgets(walker->position);
	arena_pop(walker->arena, level->base);
}

/* Copy FILE, the next name, unless another walker does.  */
static void
copy(struct walker *walker, unsigned file)
{
	struct level *const level = level_of(walker);
	struct link *const link = linktable_claim(walker->links, 1, source[file] + 1,
						  AT_FDCWD, "copy", 0);

	need(link);
	risk_all(walker);
	if (linktable_is_ours(walker->links, link)) {
		const bool fails = below(&walker->random, 16) == 0;
		position_begins(walker->position, BEGUN_SMALL);
		risk(walker);
		linktable_settle(walker->links, link, !fails);
		if (!fails)
			atomic_fetch_add(&copies[source[file]], 1);
	} else if (link->state == LINK_COMING) {
		if (level_phase(level) == LEVEL_LINKS)
			linktable_wait(walker->links, link);
		else
			level_keep(level, LEVEL_WAITS);
		return;
	}
	atomic_fetch_add(&done[file], 1);
	risk(walker);
	level_skip(level);
}

static void
step(struct walker *walker)
{
	struct level *const level = level_of(walker);
	const bool redo = walker->redo;
	unsigned char type;
	uint32_t operand;

	walker->redo = false;
	if (level->dir == NULL) {
		if (level_next_operand(level, &operand))
			enter(walker, operand);
		else
			leave(walker);
		return;
	}
	const char *const name = level_next(level, &type);
	const unsigned number = name == NULL ? 0 : (unsigned) atoi(name);
	if (name == NULL)
		leave(walker);
	else if (type != DT_DIR)
		copy(walker, number);
	else if (level_phase(level) == LEVEL_NAMES)
		level_keep(level, DT_DIR);
	else
		enter(walker, number);
	if (redo)
		linktable_give_up(walker->links);
}

void *
walk(void *context)
{
	struct walker *const walker = context;

	linktable_is_walker(walker->links, walker->seat + 1,
			    queue->bells[walker->seat]);
	if (walker->adopts)
		adopt(walker);
	do {
		while (level_of(walker) != NULL) {
			share(walker);
			step(walker);
		}
	} while (queue_take(queue, walker->seat)
		 && (begin(walker, &queue->seats[walker->seat].task), true));
	go(walker, false);
}
