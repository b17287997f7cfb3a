/* SPDX-License-Identifier: GPL-3.0-or-later */
/* redo.c: the name that was in the hand of a worker that died.  */
#include "config.h"

#include "tree/redo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "file/hiddenfile.h"
#include "file/newfile.h"
#include "file/remove.h"
#include "report/entrymessages.h"
#include "tree/content.h"
#include "tree/hardlink.h"
#include "tree/manifest.h"

/* Remove PAIR's copy if it has only the beginning of the source: no byte is lost, whoever
   made it.  Small files aren't noted, since that takes a call for each, nor is a file
   that was made a moment before.  */
static void
remove_beginning(const struct pathpair *pair)
{
	if (newfile_is_beginning(pair))
		remove_any(pair->dest_at, pair->dest);
}

/* Remove PAIR's copy if it is of the source's type, and has no content.  */
static void
remove_node(const struct pathpair *pair)
{
	struct stat source, dest;

	if (fstatat(pair->source_at, pair->source, &source,
		    pair->follow ? 0 : AT_SYMLINK_NOFOLLOW) == 0
	    && fstatat(pair->dest_at, pair->dest, &dest, AT_SYMLINK_NOFOLLOW) == 0
	    && ((source.st_mode ^ dest.st_mode) & S_IFMT) == 0 && !S_ISDIR(dest.st_mode)
	    && (!S_ISREG(dest.st_mode) || dest.st_nlink > 1))
		remove_any(pair->dest_at, pair->dest);
}

/* Remove what was left of ENTRY, as redo_visit says.  Return true if it is complete.  */
static bool
prepare(struct walk *walk, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	enum begun what;

	newfile_remove_hidden(&walk->position->made, pair->dest_at, pair->dest);
	if (!position_has_begun(walk->position, &what)) {
		walk->position->redo = false;
		return false;
	}
	if (what == BEGUN_DIRECTORY)	/* directory.c sees to it.  */
		return false;
	walk->position->redo = false;
	if (hardlink_is_there(walk->session, entry))
		return true;
	const int dir = path_open_parent(pair->dest_at, pair->dest, O_PATH);
	if (dir >= 0 || dir == AT_FDCWD)
		hiddenfile_sweep(dir);
	path_close_parent(dir, pair->dest_at);
	if (what == BEGUN_OLD)
		entry->redone = true;
	else if (what == BEGUN_NODE)
		remove_node(pair);
	else if (newfile_is_known(&walk->position->made))
		newfile_remove(&walk->position->made, pair->dest_at, pair->dest);
	else
		remove_beginning(pair);
	position_forgets(walk->position);
	return false;
}

enum entry_next
redo_visit(struct walk *walk, struct entry *entry)
{
	manifest_forget(walk->session, entry);
	if (!prepare(walk, entry))
		return content_visit(walk, entry);
	manifest_list(walk->session, entry);
	return ENTRY_DONE;
}

/* Set *ENTRY to the next name of LEVEL, WALK's lowest, whose directory is opened.  Return
   whether there is one.  */
static bool
in_hand(struct walk *walk, struct level *level, struct entry *entry)
{
	unsigned char type;
	uint32_t operand;

	*entry = (struct entry) { .dir = level->dir };
	if (level->dir == NULL)
		return level_next_operand(level, &operand)
			&& walk->operand(walk->operands, operand, &entry->pair) == 0;
	const char *const name = level_next(level, &type);
	if (name == NULL || dirpair_reopen(level->dir, NULL) < 0)
		return false;
	entry->pair = (struct pathpair) {
		.source_at = level->dir->source, .source = name,
		.dest_at = level->dir->dest, .dest = name,
		.follow = walk->session->policy->dereference == DEREFERENCE_ALWAYS,
	};
	return true;
}

void
redo_clean(struct walk *walk)
{
	struct level *const level = walk_level(walk);
	struct entry entry;

	/* What is on the heap was in that worker's memory.  */
	if (level != NULL && !level->on_heap && in_hand(walk, level, &entry))
		prepare(walk, &entry);
}

void
redo_lose(struct walk *walk)
{
	bool lost = false;

	for (struct level *level = walk_level(walk); level != NULL;
	     level = level->above) {
		if (!level->on_heap)
			continue;
		char *const name = dirpair_own_source_name(level->dir);
		report_cannot_copy(name != NULL ? name : level->dir->name, EOWNERDEAD);
		free(name);
		level_lose(level);
		lost = true;
	}
	/* The name in hand may have been one of them.  */
	if (lost)
		linktable_give_up(walk->session->links);
}

/* Return the name in hand, or that of LEVEL's directory if it was about to be finished,
   which SELF says.  The caller frees it; NULL without memory.  */
static char *
name_in_hand(struct walk *walk, struct level *level, bool *self)
{
	struct pathpair pair;
	unsigned char type;
	uint32_t operand;

	*self = false;
	if (level->dir == NULL)
		return level_next_operand(level, &operand)
			&& walk->operand(walk->operands, operand, &pair) == 0
			? strdup(pair.source_name) : NULL;
	const char *const name = level_next(level, &type);
	*self = name == NULL;
	return *self ? dirpair_own_source_name(level->dir)
		: dirpair_source_name(level->dir, name);
}

void
redo_give_up(struct walk *walk)
{
	struct level *const level = walk_level(walk);
	bool self;

	if (level == NULL)
		return;
	char *const name = name_in_hand(walk, level, &self);
	/* Unless one died of that, too.  */
	if (!self && level->deaths == POSITION_DEATHS)
		redo_clean(walk);
	linktable_give_up(walk->session->links);
	report_cannot_copy(name != NULL ? name : "", EOWNERDEAD);
	free(name);
	if (self)
		level->taken = true;	/* It is left as it is.  */
	else
		level_skip(level);
}
