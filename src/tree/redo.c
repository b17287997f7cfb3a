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

/* Remove PAIR's copy if it has only the beginning of the source: no byte is lost, whoever
   made it.  Small files aren't noted, since that takes a call for each, nor is a file that
   was made a moment before.  */
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

/* Return whether ENTRY's copy is complete, and known as the one of all names of its
   source.  */
static bool
is_settled(const struct walk *walk, const struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	struct stat st;

	if (fstatat(pair->source_at, pair->source, &st,
		    pair->follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	const struct link *const link = linktable_find(walk->session->links, st.st_dev,
						       st.st_ino);
	if (link == NULL || link->state != LINK_THERE
	    || link->base != entry_operand(entry).base)
		return false;
	char *const path = entry_dest_path(entry);
	const bool is = path != NULL && strcmp(path, link->path) == 0;
	free(path);
	return is;
}

bool
redo_prepare(struct walk *walk, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	enum begun what;

	if (!position_has_begun(walk->position, &what)) {
		walk->redo = false;
		return false;
	}
	if (what == BEGUN_DIRECTORY)	/* directory.c sees to it.  */
		return false;
	walk->redo = false;
	if (is_settled(walk, entry))
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

void
redo_clean(struct walk *walk)
{
	struct level *const level = walk_level(walk);
	unsigned char type;
	/* What is on the heap was in that worker's memory.  */
	const char *const name = level == NULL || level->dir == NULL || level->on_heap
		? NULL : level_next(level, &type);

	if (name == NULL || dirpair_reopen(level->dir, NULL) < 0)
		return;
	struct entry entry = {
		.dir = level->dir,
		.pair = { .source_at = level->dir->source, .source = name,
			  .dest_at = level->dir->dest, .dest = name,
			  .follow = walk->session->policy->dereference
				  == DEREFERENCE_ALWAYS },
	};
	redo_prepare(walk, &entry);
}

void
redo_lose(struct walk *walk)
{
	for (struct level *level = walk_level(walk); level != NULL;
	     level = level->above) {
		if (!level->on_heap)
			continue;
		char *const name = dirpair_own_source_name(level->dir);
		report_cannot_copy(name != NULL ? name : level->dir->name, EOWNERDEAD);
		free(name);
		level_lose(level);
	}
}

void
redo_give_up(struct walk *walk)
{
	struct level *const level = walk_level(walk);
	unsigned char type;

	if (level == NULL || level->dir == NULL) {
		report_cannot_copy("", EOWNERDEAD);
	} else {
		const char *const name = level_next(level, &type);
		char *const full = name == NULL ? NULL
			: dirpair_source_name(level->dir, name);
		if (name == NULL)
			return;
		report_cannot_copy(full != NULL ? full : name, EOWNERDEAD);
		free(full);
	}
	if (level != NULL)
		level_skip(level);
}
