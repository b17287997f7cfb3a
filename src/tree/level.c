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

static uint32_t
end_of(const struct level *level)
{
	return atomic_load_explicit(&level->end, memory_order_relaxed);
}

/* ---- making one ---- */

struct level *
level_new(struct arena *arena, struct level *above, struct dirpair *dir, void *base)
{
	struct level *const level = arena_push(arena, sizeof *level);

	if (level == NULL)
		return NULL;
	*level = (struct level) { .above = above, .dir = dir, .base = base,
				  .names = arena_top(arena) };
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
	const size_t used = end_of(level);

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
	const uint32_t used = end_of(level);

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
	const uint32_t used = end_of(level);

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

/* Return the bytes of the entry at offset AT: type, name and NUL.  */
static uint32_t
entry_size(const struct level *level, uint32_t at)
{
	return 1 + (uint32_t) strlen(level->names + at + 1) + 1;
}

static bool
is_of_phase(enum level_phase phase, unsigned char type)
{
	switch (phase) {
	case LEVEL_NAMES:
		return true;
	case LEVEL_DIRECTORIES:
		return type == DT_DIR || type == LEVEL_LED;
	case LEVEL_LINKS:
		return type == LEVEL_WAITS;
	default:
		return false;
	}
}

const char *
level_next(struct level *level, unsigned char *type)
{
	enum level_phase phase = level_phase(level);
	uint32_t next = level_offset(level);

	for (; phase != LEVEL_DONE; phase++, next = 0) {
		const uint32_t end = phase == LEVEL_NAMES || level->has[phase]
			? end_of(level) : 0;
		for (; next < end; next += entry_size(level, next)) {
			*type = (unsigned char) level->names[next];
			if (!is_of_phase(phase, *type))
				continue;
			set(level, phase, next);
			return level->names + next + 1;
		}
	}
	set(level, LEVEL_DONE, 0);
	return NULL;
}

bool
level_next_operand(const struct level *level, uint32_t *operand)
{
	*operand = level_offset(level);
	return *operand < end_of(level);
}

void
level_skip(struct level *level)
{
	const uint32_t next = level_offset(level);

	set(level, level_phase(level),
	    next + (level->dir == NULL ? 1 : entry_size(level, next)));
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

/* ---- giving away ---- */

/* Return whether the entry at AT may be given away as a subdirectory.  */
static bool
is_gift(const struct level *level, uint32_t at)
{
	return level->names[at] == DT_DIR;
}

/* Choose of the names FROM to TO the last half of those that are subdirectories or,
   unless DIRECTORIES, of all.  Return their number.  */
static unsigned
halve(const struct level *level, uint32_t from, uint32_t to, bool directories,
	size_t room, struct level_cut *cut)
{
	unsigned all = 0, left;
	size_t bytes = 0;

	for (uint32_t at = from; at < to; at += entry_size(level, at))
		if (!directories || is_gift(level, at)) {
			all++;
			bytes += entry_size(level, at);
		}
	left = all / 2;		/* to the walker itself: the smaller half */
	if (all == 0)
		return 0;
	uint32_t at = from;
	for (unsigned i = 0; i < left || bytes > room; at += entry_size(level, at))
		if (!directories || is_gift(level, at)) {
			i++;
			bytes -= entry_size(level, at);
			all--;
		}
	cut->from = at;
	cut->to = to;
	return all;
}

/* The same for operands.  */
static unsigned
halve_operands(const struct level *level, struct level_cut *cut)
{
	const uint32_t next = level_offset(level);

	cut->to = end_of(level);
	cut->from = next < cut->to ? cut->to - (cut->to - next) / 2 : cut->to;
	return cut->to - cut->from;
}

unsigned
level_halve(struct level *level, size_t room, bool few, struct level_cut *cut)
{
	const enum level_phase phase = level_phase(level);
	const uint32_t next = level_offset(level), end = end_of(level);
	unsigned n = 0;

	*cut = (struct level_cut) { .level = level, .phase = LEVEL_DIRECTORIES };
	if (level->led || level->on_heap || phase > LEVEL_DIRECTORIES)
		return 0;
	if (level->dir == NULL)
		return halve_operands(level, cut);
	/* The next name is in hand.  */
	if (level->has[LEVEL_DIRECTORIES] && phase == LEVEL_NAMES)
		n = halve(level, 0, next, true, room, cut);
	if (phase == LEVEL_DIRECTORIES && next < end)
		n = halve(level, next + entry_size(level, next), end, true, room, cut);
	if (n > 0 || few || phase != LEVEL_NAMES || next >= end)
		return n;
	cut->phase = LEVEL_NAMES;
	return halve(level, next + entry_size(level, next), end, false, room, cut);
}

size_t
level_copy(const struct level_cut *cut, char *to)
{
	const struct level *const level = cut->level;
	size_t used = 0;

	for (uint32_t at = cut->from; at < cut->to; ) {
		const uint32_t size = entry_size(level, at);
		if (cut->phase == LEVEL_NAMES || is_gift(level, at)) {
			memcpy(to + used, level->names + at, size);
			used += size;
		}
		at += size;
	}
	return used;
}

void
level_apply(const struct level_cut *cut)
{
	struct level *const level = cut->level;

	if (cut->phase == LEVEL_NAMES || level->dir == NULL) {
		level->end = cut->from;
		return;
	}
	for (uint32_t at = cut->from; at < cut->to; at += entry_size(level, at))
		if (is_gift(level, at))
			level->names[at] = (char) LEVEL_GIVEN;
}
