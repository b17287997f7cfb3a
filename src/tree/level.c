/* SPDX-License-Identifier: GPL-3.0-or-later */
/* level.c: the names of a directory, and how far a walker is with them.  A name that is
   left for a later phase is marked by its type, and found again then.  */
#include "config.h"

#include "tree/level.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The word that says how far the walk is.  */
enum { PHASE_AT = 32 };

static enum level_phase
phase_of(uint64_t at)
{
	return (enum level_phase) (at >> PHASE_AT);
}

static uint64_t
get(const struct level *level)
{
	return atomic_load_explicit(&level->at, memory_order_relaxed);
}

static void
set(struct level *level, enum level_phase phase, uint32_t next)
{
	atomic_store_explicit(&level->at, (uint64_t) phase << PHASE_AT | next,
			      memory_order_release);
}

/* ---- making one ---- */

struct level *
level_new(struct arena *arena, struct level *above, struct dirpair *dir, void *base)
{
	struct level *const level = arena_push(arena, sizeof *level);

	if (level == NULL)
		return NULL;
	*level = (struct level) { .above = above, .dir = dir, .base = base,
				  .names = arena_top(arena), .group = LEVEL_NO_GROUP };
	return level;
}

struct level *
level_of_operands(struct arena *arena, uint32_t from, uint32_t to)
{
	struct level *const level = level_new(arena, NULL, NULL, arena_top(arena));

	if (level == NULL)
		return NULL;
	set(level, LEVEL_NAMES, from);
	level->end = to;
	return level;
}

/* Make room for LEN more bytes of names; what doesn't fit into the arena moves to the
   heap.  Return 0, or -1 with errno.  */
static int
make_room(struct level *level, struct arena *arena, size_t len)
{
	const size_t used = level_end(level);

	if (used + len > UINT32_MAX / 2) {
		errno = ENOMEM;
		return -1;
	}
	if (!level->on_heap && arena_resize(arena, level->names, used + len) == 0)
		return 0;
	if (level->on_heap && used + len <= level->room)
		return 0;
	const size_t size = 2 * (used + len);
	char *const names = realloc(level->on_heap ? level->names : NULL, size);
	if (names == NULL)
		return -1;
	if (!level->on_heap) {
		memcpy(names, level->names, used);
		arena_pop(arena, level->names);
	}
	level->names = names;
	level->room = size;
	level->on_heap = true;
	return 0;
}

int
level_add_all(struct level *level, struct arena *arena, const char *names, size_t len)
{
	const uint32_t used = level_end(level);

	if (make_room(level, arena, len) < 0)
		return -1;
	memcpy(level->names + used, names, len);
	level->end = used + (uint32_t) len;
	return 0;
}

int
level_add(struct level *level, struct arena *arena, const char *name, unsigned char type)
{
	const size_t len = strlen(name) + 1;
	const uint32_t used = level_end(level);

	if (make_room(level, arena, 1 + len) < 0)
		return -1;
	level->names[used] = (char) type;
	memcpy(level->names + used + 1, name, len);
	level->end = used + 1 + (uint32_t) len;
	return 0;
}

void
level_skip_to_directories(struct level *level)
{
	level->has[LEVEL_DIRECTORIES] = true;
	set(level, LEVEL_DIRECTORIES, 0);
}

void
level_lose(struct level *level)
{
	level->on_heap = false;
	level->end = 0;
	set(level, LEVEL_DONE, 0);
}

void
level_free(struct level *level)
{
	if (level->on_heap)
		free(level->names);
}

/* ---- going on ---- */

enum level_phase
level_phase(const struct level *level)
{
	return phase_of(get(level));
}

uint64_t
level_place(const struct level *level)
{
	return get(level);
}

void
level_return(struct level *level, uint64_t place)
{
	set(level, phase_of(place), (uint32_t) place);
}

uint32_t
level_offset(const struct level *level)
{
	return (uint32_t) get(level);
}

static bool
is_of_phase(enum level_phase phase, unsigned char type)
{
	switch (phase) {
	case LEVEL_NAMES:
		return true;
	case LEVEL_GROUP:
		return type == LEVEL_HELD;
	case LEVEL_DIRECTORIES:
		return type == DT_DIR || type == LEVEL_LED;
	case LEVEL_LINKS:
		return type == LEVEL_WAITS;
	default:
		return false;
	}
}

/* Return where the names of PHASE end.  */
static uint32_t
end_of_phase(const struct level *level, enum level_phase phase)
{
	if (phase == LEVEL_GROUP)
		return level->after;
	return phase == LEVEL_NAMES || level->has[phase] ? level_end(level) : 0;
}

/* Return the phase after PHASE, and where it begins in *NEXT.  What is stored is valid
   both before and after the phase changes.  */
static enum level_phase
phase_after(struct level *level, enum level_phase phase, uint32_t *next)
{
	*next = 0;
	if (phase == LEVEL_NAMES && level->group == LEVEL_NO_GROUP)
		return LEVEL_DIRECTORIES;
	if (phase == LEVEL_NAMES) {
		level->after = level_end(level);
		*next = level->group;
	}
	if (phase != LEVEL_GROUP)
		return phase + 1;
	level->group = LEVEL_NO_GROUP;
	*next = level->after;
	return LEVEL_NAMES;
}

const char *
level_next(struct level *level, unsigned char *type)
{
	enum level_phase phase = level_phase(level);
	uint32_t next = level_offset(level);

	while (phase != LEVEL_DONE) {
		const uint32_t end = end_of_phase(level, phase);
		for (; next < end; next += level_entry_size(level, next)) {
			*type = (unsigned char) level->names[next];
			if (!is_of_phase(phase, *type))
				continue;
			/* Marked by a worker that died before it went on: that holds
			   only if it is marked again.  */
			if (phase == LEVEL_NAMES
			    && (*type == LEVEL_HELD || *type == LEVEL_WAITS))
				*type = DT_UNKNOWN;
			level->names[next] = (char) *type;
			set(level, phase, next);
			return level->names + next + 1;
		}
		phase = phase_after(level, phase, &next);
	}
	set(level, LEVEL_DONE, 0);
	return NULL;
}

bool
level_next_operand(const struct level *level, uint32_t *operand)
{
	*operand = level_offset(level);
	return *operand < level_end(level);
}

void
level_skip(struct level *level)
{
	const uint32_t next = level_offset(level);

	set(level, level_phase(level),
	    next + (level->dir == NULL ? 1 : level_entry_size(level, next)));
}

void
level_drop(struct level *level)
{
	level->names[level_offset(level)] = (char) LEVEL_GIVEN;
	level_skip(level);
}

void
level_keep(struct level *level, unsigned char type)
{
	level->has[type == LEVEL_WAITS ? LEVEL_LINKS : LEVEL_DIRECTORIES] = true;
	level->names[level_offset(level)] = (char) type;
	level_skip(level);
}

void
level_hold(struct level *level)
{
	const uint32_t next = level_offset(level);

	level->names[next] = (char) LEVEL_HELD;
	if (level->group == LEVEL_NO_GROUP)
		level->group = next;
}

void
level_end_group(struct level *level)
{
	level->after = level_offset(level);
	set(level, LEVEL_GROUP, level->group);
}
