/* SPDX-License-Identifier: GPL-3.0-or-later */
/* directory.c: enter a directory, and leave it.  */
#include "config.h"

#include "tree/directory.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/path.h"
#include "base/signals.h"
#include "file/posixacl.h"
#include "report/entrymessages.h"
#include "tree/extra.h"
#include "tree/finishdir.h"
#include "tree/makedir.h"
#include "tree/opendir.h"
#include "tree/readnames.h"
#include "tree/recursion.h"
#include "tree/share.h"

/* Go down to LEVEL.  */
static void
push_level(struct walk *walk, struct level *level)
{
	level->above = walk_level(walk);
	if (level->above != NULL)
		level->entered = level_offset(level->above);
	atomic_store(&walk->position->level, level);
}

/* Return the directory pair of ENTRY, not open yet; NULL with errno.  */
static struct dirpair *
new_directory(struct arena *arena, const struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;

	if (entry->dir != NULL)
		return dirpair_new(arena, (struct dirpair *) entry->dir,
				   path_last(pair->source));
	return dirpair_new_root(arena, pair->source_name, pair->dest_name, pair->dest,
				pair->dest_at);
}

/* Open the source of DIR, ENTRY's directory; *UNREADABLE is errno if it can't be read.
   Return 1; 0 if it is not to be copied, which is reported; or -1 if it can't be opened,
   which is not reported unless ENTRY was VISITED.  */
static int
open_source(struct walk *walk, const struct entry *entry, struct dirpair *dir,
	bool visited, int *unreadable)
{
	const struct pathpair *const pair = &entry->pair;

	dir->followed = pair->follow || entry->dest_is_link;
	dir->source = opendir_at(walk, pair->source_at, pair->source, pair->follow,
				 unreadable);
	dir->source_path_only = *unreadable != 0;
	if (dir->source >= 0 && fstat(dir->source, &dir->source_st) == 0)
		return recursion_is_safe(walk->session, entry, &dir->source_st) ? 1 : 0;
	if (!visited)
		return -1;
	report_cannot_access(pair->source_name, errno);
	return 0;
}

/* Return true if new files in DIR's destination inherit an ACL, and copies have their
   source's mode nevertheless.  */
static bool
inherits_acl(const struct walk *walk, const struct dirpair *dir)
{
	const struct metadata_policy *const meta = &walk->session->copy->meta;
	const struct dirpair *const above = dir->above;

	return !dir->planned && (meta->mode || meta->default_mode)
		&& (above == NULL || !above->dest_is_new || above->inherits)
		&& posixacl_is_inherited(dir->dest);
}

/* Return true if DIR is on another file system than the directory above, and -x leaves it
   empty.  */
static bool
is_foreign(const struct walk *walk, const struct dirpair *dir)
{
	return walk->policy->one_file_system && dir->above != NULL
		&& dir->above->source_st.st_dev != dir->source_st.st_dev;
}

/* Return a level with the names of DIR, called SOURCE_NAME, whose source is open.  NULL
   if there is no memory, which is reported; or a signal came: then another walker reads
   it again.  */
static struct level *
read_level(struct walk *walk, struct dirpair *dir, const char *source_name)
{
	struct level *const level = level_new(walk->arena, NULL, dir, dir);

	if (level == NULL) {
		report_cannot_copy(dir->name, errno);
		return NULL;
	}
	position_set_where(walk->position, source_name);
	readnames(walk, level);
	if (walk->queue == NULL || signals_fatal() == 0)
		return level;
	level_free(level);
	return NULL;
}

/* Return whether the names of DIR are to be read before its destination is made, whose
   name is free unless DIR was VISITED: if there are none, it needn't be opened.  30 000
   directories are made in 0.86 of the time (doc/measurements.md#trees).  */
static bool
may_be_bare(const struct walk *walk, const struct dirpair *dir, bool visited,
	int unreadable)
{
	return !visited && !walk->position->redo && unreadable == 0
		&& !is_foreign(walk, dir) && makedir_suffices(walk, dir);
}

/* DIR has no names: make its copy, which has none either.  */
static void
copy_bare(struct walk *walk, struct entry *entry, struct dirpair *dir)
{
	if (makedir_empty(walk, entry, dir) == 0)
		finishdir_made(dir);
}

/* Both sides of DIR, ENTRY's directory, are open: go down to LEVEL; if that is NULL, read
   the names first.  Return 1; 0 if there was nothing to go down for.  */
static int
go_down(struct walk *walk, struct entry *entry, struct dirpair *dir,
	struct level *level, int unreadable)
{
	const char *const source_name = entry->pair.source_name;

	if (dir->made != 0 || dir->planned)
		entry_announce(walk->session, entry, NULL);
	dir->led = dir->led || entry->led;
	dir->inherits = inherits_acl(walk, dir);
	if (walk->by_path)
		dirpair_close(dir);
	if (unreadable != 0)
		report_cannot_access(source_name, unreadable);
	if (unreadable != 0 || is_foreign(walk, dir)) {
		finishdir(walk, dir);
		return 0;
	}
	if (level == NULL && (level = read_level(walk, dir, source_name)) == NULL) {
		if (signals_fatal() == 0)
			finishdir(walk, dir);
		return 0;
	}
	if (policy_compares(walk->session->policy))
		extra_report(walk, dir);
	level->led = dir->led;
	push_level(walk, level);
	return 1;
}

/* As directory_enter, with DIR for ENTRY.  */
static int
enter(struct walk *walk, struct entry *entry, struct dirpair *dir, bool visited)
{
	struct level *level = NULL;
	int unreadable;
	const int opened = open_source(walk, entry, dir, visited, &unreadable);

	if (opened <= 0)
		return opened;
	if (may_be_bare(walk, dir, visited, unreadable)) {
		level = read_level(walk, dir, entry->pair.source_name);
		if (level == NULL)
			return 0;
		if (level_end(level) == 0) {
			copy_bare(walk, entry, dir);
			return 0;
		}
	}
	if (walk->by_path)
		dirpair_close(dir);
	if (makedir_open(walk, entry, dir) == 0)
		return go_down(walk, entry, dir, level, unreadable);
	if (level != NULL)
		level_free(level);
	return 0;
}

int
directory_enter(struct walk *walk, struct entry *entry, bool visited)
{
	void *const base = arena_top(walk->arena);

	opendir_make_room(walk);
	struct dirpair *const dir = new_directory(walk->arena, entry);
	if (dir == NULL) {
		report_cannot_copy(entry->pair.source_name, errno);
		return 0;
	}
	const int entered = enter(walk, entry, dir, visited);
	if (entered <= 0) {
		dirpair_close(dir);
		arena_pop(walk->arena, base);
	}
	return entered < 0 ? -1 : 0;
}

void
directory_leave(struct walk *walk)
{
	struct level *const level = walk_level(walk);
	struct dirpair *const dir = level->dir;
	struct level *const above = level->above;
	const bool ends = signals_fatal() != 0;

	/* If the signal was for us alone, another walker finishes it.  */
	if (ends && walk->queue != NULL)
		return;
	group_abandon(&walk->group);	/* It is empty, unless something went wrong.  */
	/* `..' leads up as long as this one is open.  */
	if (dir != NULL && above != NULL && above->dir != NULL && !walk->by_path
	    && !ends && dirpair_reopen(dir, NULL) == 0)
		dirpair_reopen(above->dir, dir);
	if (dir != NULL && !ends && !level->taken) {
		if (level->shared)
			share_finish_later(dir);
		else
			finishdir(walk, dir);
	}
	for (struct dirpair *each = dir; each != NULL; each = each->above) {
		dirpair_close(each);
		if (!level->taken)
			break;
	}
	level_free(level);
	if (above != NULL && level_offset(above) == level->entered)
		level_skip(above);
	atomic_store(&walk->position->level, above);
	/* The next level may lie where this one did.  */
	position_forgets(walk->position);
	arena_pop(walk->arena, level->base);
}

void
directory_leave_to_another(struct walk *walk, struct level *level, uint64_t place)
{
	struct level *const lowest = walk_level(walk);

	if (lowest != NULL && lowest->above == level) {
		/* Its names may not have been read to the end.  */
		level_free(lowest);
		dirpair_close(lowest->dir);
		atomic_store(&walk->position->level, level);
		arena_pop(walk->arena, lowest->base);
	}
	if (walk_level(walk) == level)
		level_return(level, place);
}
