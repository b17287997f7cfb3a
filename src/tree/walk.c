/* SPDX-License-Identifier: GPL-3.0-or-later */
/* walk.c: from name to name.  A directory's names are read to the end, and then dealt
   with: small files are copied, what takes one call is made; then the subdirectories are
   entered, one after the other.  If an entry's type alone can't decide (something may
   stand in the way, a symlink is followed, there are other names), the entry is looked
   at, and visit.c decides.  All that is still to be done stands in the walker's position:
   there is nothing to do on the way back.  */
#include "config.h"

#include "tree/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/disk.h"
#include "base/ranks.h"
#include "base/signals.h"
#include "base/timer.h"
#include "base/totals.h"
#include "file/held.h"
#include "report/entrymessages.h"
#include "tree/content.h"
#include "tree/directory.h"
#include "tree/operand.h"
#include "tree/redo.h"
#include "tree/selection.h"
#include "tree/share.h"
#include "tree/special.h"

/* A copy begins with one walker.  Others are forked when there was so much to do.  */
#ifndef NAMES_ALONE
# define NAMES_ALONE 32
#endif
enum { BYTES_ALONE = 1 << 20, TIME_ALONE = 2000000 };

/* Report that NAME in DIR is not copied, for the reason in errno.  */
static void
report_not_copied(const struct dirpair *dir, const char *name)
{
	const int err = errno;
	char *const full = dirpair_source_name(dir, name);

	const struct subject before = failures_about((struct subject) { full,
		dirpair_base(dir) });
	if (signals_fatal() == 0)
		report_cannot_copy(full != NULL ? full : name, err);
	failures_about(before);
	free(full);
}

/* Make ENTRY the entry NAME of DIR, with all its names.  LED: a symlink may lead to it.
   Return 0, or -1, which is reported.  */
static int
entry_open(const struct walk *walk, struct entry *entry, struct dirpair *dir,
	const char *name, bool led)
{
	*entry = (struct entry) { .dir = dir, .dest_is_free = dir->dest_is_new,
				  .led = led };
	entry->pair = (struct pathpair) {
		.source_at = dir->source, .source = name,
		.source_name = dirpair_source_name(dir, name),
		.follow = walk->session->policy->dereference == DEREFERENCE_ALWAYS,
		.dest_at = dir->dest, .dest = name,
		.dest_name = dirpair_dest_name(dir, name),
	};
	if (walk->by_path) {
		entry->pair.source_at = AT_FDCWD;
		entry->pair.source = entry->pair.source_name;
		entry->pair.dest_at = dirpair_root(dir)->dest_base;
		entry->pair.dest = entry->path = dirpair_dest_path(dir, name);
	}
	if (entry->pair.source_name != NULL && entry->pair.dest_name != NULL
	    && entry->pair.dest != NULL)
		return 0;
	report_not_copied(dir, name);
	return -1;
}

static void
entry_close(struct entry *entry)
{
	free((char *) entry->pair.source_name);
	free((char *) entry->pair.dest_name);
	free(entry->path);
}

/* ---- one name ---- */

/* What becomes of the next name of LEVEL after a visit.  */
static void
pass_on(struct walk *walk, struct level *level, struct entry *entry, enum entry_next next)
{
	const enum level_phase phase = level_phase(level);
	const bool led = entry->led
		|| (entry->dest_is_link && walk->session->policy->keep_directory_symlink);

	if (next == ENTRY_AGAIN && phase == LEVEL_NAMES) {
		level_end_group(level);		/* and then it is the next again */
	} else if ((next == ENTRY_WAIT || next == ENTRY_AGAIN) && phase != LEVEL_LINKS) {
		level_keep(level, LEVEL_WAITS);
	} else if (next == ENTRY_WAIT) {
		share_wait(walk, entry->link);	/* and then it is the next again */
	} else if (next == ENTRY_DIRECTORY && phase < LEVEL_DIRECTORIES) {
		level_keep(level, led ? LEVEL_LED : DT_DIR);
	} else if (next == ENTRY_DIRECTORY) {
		entry->led = led;
		if (directory_enter(walk, entry, true) <= 0)
			level_skip(level);
	} else {
		level_skip(level);
	}
}

/* Visit NAME, the next of LEVEL's directory, of TYPE.  */
static void
look_at(struct walk *walk, struct level *level, const char *name, unsigned char type)
{
	struct dirpair *const dir = level->dir;
	const bool led = type == LEVEL_LED
		|| (type != DT_DIR
		    && walk->session->policy->dereference == DEREFERENCE_ALWAYS);
	struct entry entry;

	if (entry_open(walk, &entry, dir, name, led) < 0) {
		level_skip(level);
	} else {
		const struct subject before = failures_about(entry_subject(&entry));
		const bool redo = walk->position->redo;
		const enum entry_next next = redo ? redo_visit(walk, &entry)
			: content_visit(walk, &entry);
		walk->looks_first = walk->session->policy->preserve_links
			&& S_ISREG(entry.source.st_mode) && entry.source.st_nlink > 1;
		pass_on(walk, level, &entry, next);
		if (redo)
			linktable_give_up(walk->session->links);
		failures_about(before);
	}
	entry_close(&entry);
}

/* Deal with NAME, which is held and the next of LEVEL's directory.  If the copy was a
   worker's that died, or can't have that name any more, another is made.  */
static void
give_name(struct walk *walk, struct level *level, const char *name)
{
	struct held *const held = group_take(&walk->group, level,
					     walk->session->copy->dest.fsync);
	struct entry entry;

	if (held == NULL) {
		if (signals_fatal() == 0)
			look_at(walk, level, name, DT_UNKNOWN);
		return;
	}
	if (entry_open(walk, &entry, level->dir, name, false) < 0) {
		held_abandon(held);
		level_skip(level);
	} else {
		const struct subject before = failures_about(entry_subject(&entry));
		if (content_commit(walk, &entry, held))
			level_skip(level);
		failures_about(before);
	}
	entry_close(&entry);
}

/* Copy NAME of DIR, which nothing stands in the way of, by its TYPE alone.  Return false
   if it has to be looked at.  */
static bool
copy_by_type(struct walk *walk, struct dirpair *dir, const char *name, unsigned char type)
{
	const struct entry_policy *const policy = walk->session->policy;

	if (type == DT_REG && !policy->link)
		return !walk->looks_first && content_copy_fresh(walk, dir, name) == 0;
	if ((type != DT_LNK && type != DT_REG)
	    || policy->dereference == DEREFERENCE_ALWAYS)
		return false;
	position_begins(walk->position, BEGUN_NODE);
	return (policy->link ? special_link_to_source : special_copy_symlink)
		(walk->session, dir, name);
}

/* Deal with NAME, the next of LEVEL's directory, of TYPE (DT_...), if the file system
   reports it.  */
static void
take(struct walk *walk, struct level *level, const char *name, unsigned char type)
{
	struct dirpair *const dir = level->dir;

	if (selection_omits(walk, dir, name, type))
		level_drop(level);
	else if (type == DT_DIR)
		level_keep(level, DT_DIR);
	else if (dir->dest_is_new && walk->type_suffices && !walk->position->redo
		 && copy_by_type(walk, dir, name, type))
		level_skip(level);
	else
		look_at(walk, level, name, type);
}

/* Open DIR, if it is closed and descriptors suffice for that.  Return 0, or -1 with
   errno.  */
static int
reach(const struct walk *walk, struct dirpair *dir)
{
	return walk->by_path ? 0 : dirpair_reopen(dir, NULL);
}

/* Enter subdirectory NAME, the next of LEVEL's directory.  */
static void
enter(struct walk *walk, struct level *level, const char *name, unsigned char type)
{
	struct dirpair *const dir = level->dir;
	struct entry entry;
	int entered = -1;

	if (type == DT_DIR && dir->dest_is_new && walk->type_suffices) {
		entered = entry_open(walk, &entry, dir, name, false) < 0 ? 0 : -1;
		const struct subject before = failures_about(entered < 0
							     ? entry_subject(&entry)
							     : SUBJECT_NONE);
		if (entered < 0)
			entered = directory_enter(walk, &entry, false);
		failures_about(before);
		entry_close(&entry);
	}
	if (entered < 0)
		look_at(walk, level, name, type);
	else if (entered == 0)
		level_skip(level);
}

/* Deal with the next name of LEVEL, or leave it.  */
static void
step(struct walk *walk, struct level *level)
{
	unsigned char type;
	const char *const name = level_next(level, &type);

	content_use_policy(walk, level->dir->dest_st.st_dev);
	if (name == NULL) {
		directory_leave(walk);
	} else if (reach(walk, level->dir) < 0) {
		report_not_copied(level->dir, name);
		level_skip(level);
	} else if (level_phase(level) == LEVEL_NAMES) {
		take(walk, level, name, type);
		if (group_is_full(&walk->group, walk->budget)
		    && level_phase(level) == LEVEL_NAMES)
			level_end_group(level);
	} else if (level_phase(level) == LEVEL_GROUP) {
		give_name(walk, level, name);
	} else if (level_phase(level) == LEVEL_DIRECTORIES) {
		enter(walk, level, name, type);
	} else {
		look_at(walk, level, name, DT_UNKNOWN);
	}
}

/* ---- on and on ---- */

/* With --debug, say once why there is one walker; not in each rank.  */
static void
explain_one(struct walk *walk, enum walkers_why why)
{
	if (!walk->explained && ranks_own() == 0)
		report_walkers(1, why, 0);
	walk->explained = true;
}

/* Return whether the source is on a disk that rotates, and has to be read from it: then
   several walkers would only move its head.  */
static bool
waits_for_a_head(struct walk *walk)
{
	const struct level *const level = walk_level(walk);
	const uint64_t now = clock_now(), used = clock_processor();
	const bool waited = used - walk->used < (now - walk->begun) / 2;

	if (!waited || level == NULL || level->dir == NULL
	    || !disk_rotates(level->dir->source_st.st_dev, "/sys/dev/block"))
		return false;
	walk->grows = false;
	explain_one(walk, WALKERS_ROTATES);
	walk_begin_alone(walk);		/* It may be in memory from some place on.  */
	return true;
}

void
walk_begin_alone(struct walk *walk)
{
	walk->names = 0;
	walk->moved = totals_read(COUNT_MOVED);
	walk->begun = clock_now();
	walk->used = clock_processor();
}

bool
walk_wants_others(struct walk *walk)
{
	if (walk->far && walk->queue == NULL)
		return true;
	if ((walk->most <= 1 && walk->explained) || walk->queue != NULL)
		return false;
	if (++walk->names < NAMES_ALONE
	    && totals_read(COUNT_MOVED) - walk->moved < BYTES_ALONE
	    && clock_now() - walk->begun < TIME_ALONE)
		return false;
	if (walk->most > 1)
		return walk->fixed || !waits_for_a_head(walk);
	explain_one(walk, walk->why);
	return false;
}

bool
walk_on(struct walk *walk)
{
	struct level *level;

	while ((level = walk_level(walk)) != NULL && signals_fatal() == 0) {
		const uint64_t place = level_place(level);
		timer_check();
		share_if_wanted(walk);
		if (level->dir != NULL)
			step(walk, level);
		else
			operand_step(walk, level);
		/* If the signal was for us alone, another walker goes on.  */
		if (signals_fatal() != 0 && walk->queue != NULL)
			directory_leave_to_another(walk, level, place);
		if (walk_level(walk) != NULL && walk_wants_others(walk))
			return false;
	}
	return true;
}
