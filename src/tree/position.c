/* SPDX-License-Identifier: GPL-3.0-or-later */
/* position.c: what a walker notes for the case that it dies.  */
#include "config.h"

#include "tree/position.h"

#include <string.h>

struct position *
position_new(struct arena *arena)
{
	struct position *const position = arena_push(arena, sizeof *position);

	if (position != NULL)
		memset(position, 0, sizeof *position);
	return position;
}

void
position_begins(struct position *position, enum begun what)
{
	struct level *const level = position->level;

	atomic_store_explicit(&position->begun.level, NULL, memory_order_release);
	position->begun.what = what;
	position->begun.at = level != NULL ? atomic_load(&level->at) : 0;
	newfile_begin();
	atomic_store_explicit(&position->begun.level, level, memory_order_release);
}

void
position_forgets(struct position *position)
{
	atomic_store_explicit(&position->begun.level, NULL, memory_order_release);
}

bool
position_has_begun(const struct position *position, enum begun *what)
{
	const struct level *const level = position->level;

	*what = position->begun.what;
	return level != NULL && position->begun.level == level
		&& position->begun.at == level->at;
}

/* Go on behind the name by which the lower level was entered: it isn't in hand.  */
static void
pass_entered(struct level *level)
{
	for (; level->above != NULL; level = level->above)
		if (!level->above->on_heap
		    && level_offset(level->above) == level->entered)
			level_skip(level->above);
}

bool
position_adopt(struct position *position, bool gave)
{
	struct level *const level = position->level;

	if (gave)
		level_apply(&position->giving);
	if (level == NULL)
		return true;
	for (struct level *each = level; each != NULL; each = each->above)
		for (struct dirpair *dir = each->dir; dir != NULL; dir = dir->above)
			dirpair_forget_open(dir);
	pass_entered(level);
	if (level->died_at != level->at)
		level->deaths = 0;
	level->died_at = level->at;
	return ++level->deaths < POSITION_DEATHS;
}
