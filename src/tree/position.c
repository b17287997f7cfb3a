/* SPDX-License-Identifier: GPL-3.0-or-later */
/* position.c: what a walker notes for the case that it dies.  */
#include "config.h"

#include "tree/position.h"

#include <stdlib.h>
#include <string.h>

struct position *
position_new(struct arena *arena)
{
	struct position *const position = arena_push(arena, sizeof *position);

	if (position != NULL)
		memset(position, 0, sizeof *position);
	return position;
}

/* Each byte is stored and loaded in order with the count, so that who loads a new one
   sees that the name changes, too.  */
void
position_set_where(struct position *position, const char *name)
{
	const unsigned odd = atomic_load(&position->changes) | 1;
	size_t i = 0;

	atomic_store(&position->changes, odd);
	for (; i < POSITION_WHERE - 1 && name[i] != '\0'; i++)
		atomic_store_explicit(&position->where[i], name[i], memory_order_release);
	atomic_store_explicit(&position->where[i], '\0', memory_order_release);
	atomic_store(&position->changes, odd + 1);
}

char *
position_where(const struct position *position)
{
	const unsigned before = atomic_load(&position->changes);
	char name[POSITION_WHERE];
	size_t i = 0;

	do
		name[i] = atomic_load_explicit(&position->where[i], memory_order_acquire);
	while (name[i] != '\0' && ++i < POSITION_WHERE);
	return i == 0 || before % 2 != 0 || atomic_load(&position->changes) != before
		? NULL : strdup(name);
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
