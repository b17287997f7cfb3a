/* SPDX-License-Identifier: GPL-3.0-or-later */
/* levelgive.c: which names of a level a walker gives away.  */
#include "config.h"

#include "tree/level.h"

#include <dirent.h>
#include <string.h>

/* Return whether the entry at AT may be given away as a subdirectory.  */
static bool
is_gift(const struct level *level, uint32_t at)
{
	return level->names[at] == DT_DIR;
}

/* Return whether nothing of LEVEL may be given away.  */
static bool
keeps_all(const struct level *level)
{
	const enum level_phase phase = level_phase(level);

	return level->led || level->on_heap || phase > LEVEL_DIRECTORIES
		|| phase == LEVEL_GROUP;
}

/* Set *FROM and *TO to where names are that have been found to be subdirectories.  The
   next name is in hand.  */
static void
find_directories(const struct level *level, uint32_t *from, uint32_t *to)
{
	const uint32_t next = level_offset(level), end = level_end(level);

	*from = *to = 0;
	if (level_phase(level) == LEVEL_NAMES) {
		*to = level->has[LEVEL_DIRECTORIES] ? next : 0;
	} else if (next < end) {
		*from = next + level_entry_size(level, next);
		*to = end;
	}
}

bool
level_has_gift(struct level *level)
{
	uint32_t from, to;

	if (keeps_all(level))
		return false;
	if (level->dir == NULL)
		return level_offset(level) + 1 < level_end(level);
	find_directories(level, &from, &to);
	if (level->gift < from)
		level->gift = from;
	while (level->gift < to && !is_gift(level, level->gift))
		level->gift += level_entry_size(level, level->gift);
	return level->gift < to;
}

/* Choose of the names FROM to TO the last half of those that are subdirectories or,
   unless DIRECTORIES, of all.  Return their number.  */
static unsigned
halve(const struct level *level, uint32_t from, uint32_t to, bool directories,
	size_t room, struct level_cut *cut)
{
	unsigned all = 0, left;
	size_t bytes = 0;

	for (uint32_t at = from; at < to; at += level_entry_size(level, at))
		if (!directories || is_gift(level, at)) {
			all++;
			bytes += level_entry_size(level, at);
		}
	left = all / 2;		/* to the walker itself: the smaller half */
	if (all == 0)
		return 0;
	uint32_t at = from;
	for (unsigned i = 0; i < left || bytes > room; at += level_entry_size(level, at))
		if (!directories || is_gift(level, at)) {
			i++;
			bytes -= level_entry_size(level, at);
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

	cut->to = level_end(level);
	cut->from = next < cut->to ? cut->to - (cut->to - next) / 2 : cut->to;
	return cut->to - cut->from;
}

unsigned
level_halve(struct level *level, size_t room, struct level_cut *cut)
{
	const uint32_t next = level_offset(level), end = level_end(level);
	uint32_t from, to;

	*cut = (struct level_cut) { .level = level, .phase = LEVEL_DIRECTORIES };
	if (keeps_all(level))
		return 0;
	if (level->dir == NULL)
		return halve_operands(level, cut);
	if (level_has_gift(level)) {
		find_directories(level, &from, &to);
		return halve(level, level->gift, to, true, room, cut);
	}
	if (level_phase(level) != LEVEL_NAMES || next >= end)
		return 0;
	cut->phase = LEVEL_NAMES;
	return halve(level, next + level_entry_size(level, next), end, false, room, cut);
}

size_t
level_copy(const struct level_cut *cut, char *to)
{
	const struct level *const level = cut->level;
	size_t used = 0;

	for (uint32_t at = cut->from; at < cut->to; ) {
		const uint32_t size = level_entry_size(level, at);
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
	for (uint32_t at = cut->from; at < cut->to; at += level_entry_size(level, at))
		if (is_gift(level, at))
			level->names[at] = (char) LEVEL_GIVEN;
}
