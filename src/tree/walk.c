/* SPDX-License-Identifier: GPL-3.0-or-later */
/* walk.c: from name to name.  A directory's names are read to the end, and then dealt
   with: small files go into batches, what takes one call is made, the names of
   directories are kept; then these are entered, one after the other.  If an entry's
   type alone can't decide (something may stand in the way, a symlink is followed, there
   are other names), the entry is looked at, and visit.c decides.  */
#include "config.h"

#include "tree/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/listing.h"
#include "base/namelist.h"
#include "base/path.h"
#include "base/signals.h"
#include "base/timer.h"
#include "base/totals.h"
#include "report/entrymessages.h"
#include "tree/content.h"
#include "tree/directory.h"
#include "tree/release.h"
#include "tree/visit.h"

/* Keep NAME, of a directory that is to be entered later.  Return 0, or -1 with errno.  */
static int
keep_name(struct level *level, const char *name)
{
	const size_t len = strlen(name) + 1;

	if (level->used + len > level->size) {
		const size_t size = 2 * level->size + len + 256;
		char *const names = realloc(level->names, size);
		if (names == NULL)
			return -1;
		level->names = names;
		level->size = size;
	}
	memcpy(level->names + level->used, name, len);
	level->used += len;
	return 0;
}

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

/* Make ENTRY the entry NAME of DIR, with all its names.  It is an operand if DIR only
   holds operands.  Return 0, or -1, which is reported.  */
static int
entry_open(const struct walk *walk, struct entry *entry, struct dirpair *dir,
	const char *name)
{
	const enum dereference deref = walk->session->policy->dereference;
	const bool operand = dir->holds_operands;

	*entry = (struct entry) { .dir = operand ? NULL : dir, .revisited = operand,
				  .dest_is_free = dir->dest_is_new };
	entry->pair = (struct pathpair) {
		.source_at = dir->source, .source = name,
		.source_name = dirpair_source_name(dir, name),
		.follow = deref == DEREFERENCE_ALWAYS
			|| (operand && deref == DEREFERENCE_OPERANDS),
		.dest_at = operand ? dir->dest_base : dir->dest, .dest = name,
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

/* Visit NAME in DIR, and do what remains to be done; HERE: in this process, not by a
   worker.  A directory is entered or, with a LEVEL, kept for later.  */
static void
look_at(struct walk *walk, struct dirpair *dir, const char *name, bool here,
	struct level *level)
{
	struct entry entry;
	const bool opened = entry_open(walk, &entry, dir, name) == 0;
	const struct subject before = failures_about(opened ? entry_subject(&entry)
						     : SUBJECT_NONE);

	entry.announced = here;		/* before it was queued and came back */
	if (opened)
		switch (visit_entry(walk->session, &entry)) {
		case ENTRY_DONE:
		case ENTRY_FAILED:
			break;
		case ENTRY_CONTENT:
			content_copy(walk, &entry, dir, here || dir->holds_operands);
			break;
		case ENTRY_WAIT:
			if (waitlist_add(&walk->link_waiters, dir, name, here,
					 entry.link) < 0)
				report_not_copied(dir, name);
			break;
		case ENTRY_DIRECTORY:
			if (level == NULL)
				walk_into(walk, &entry, true);
			else if (keep_name(level, name) < 0)
				report_not_copied(dir, name);
			break;
		}
	failures_about(before);
	entry_close(&entry);
}

/* Return true if NAME in DIR is excluded.  */
static bool
is_excluded(const struct walk *walk, const struct dirpair *dir, const char *name)
{
	const struct exclude *const exclude = walk->policy->exclude;

	if (exclude->count == 0)
		return false;
	char *const path = exclude->paths ? dirpair_source_name(dir, name) : NULL;
	if (path == NULL)
		return exclude_has(exclude, name, name, name);
	const char *const root = dirpair_root(dir)->source_root;
	const char *const marked = walk->policy->files0_from
		? namelist_marked(path) : NULL;
	const char *const full = marked != NULL ? marked : path + path_base(root);
	const char *const below = marked != NULL ? marked
		: path + strlen(root) + strspn(path + strlen(root), "/");
	const bool is = exclude_has(exclude, name, full, below);
	free(path);
	return is;
}

/* Copy or queue NAME of LEVEL's directory.  TYPE is its type (DT_...), if the file system
   reports it.  */
static void
take(struct walk *walk, struct level *level, const char *name, unsigned char type)
{
	struct dirpair *const dir = level->dir;
	int ret = 0;

	if (is_excluded(walk, dir, name))
		return;
	if (type == DT_REG && dir->dest_is_new && walk->type_suffices) {
		totals_add(COUNT_FOUND, 1);
		ret = pool_add(walk->pool, dir, name, POOL_FRESH, NULL);
	} else if (type == DT_DIR) {
		ret = keep_name(level, name);
	} else {
		look_at(walk, dir, name, false, level);
	}
	if (ret < 0)
		report_not_copied(dir, name);
}

static void
report_not_read(const struct dirpair *dir, int err)
{
	char *const name = dirpair_own_source_name(dir);
	const struct subject before = failures_about((struct subject) { name,
		dirpair_own_base(dir) });

	report_cannot_access(name != NULL ? name : dir->name, err);
	failures_about(before);
	free(name);
}

/* Read all names of DIR into LISTING.  If not all can be read, the rest is reported as an
   error, and LISTING has the others.  */
static void
read_names(struct walk *walk, struct dirpair *dir, struct listing *listing)
{
	int ret = walk->by_path && dirpair_reopen_source(dir) < 0 ? -1 : 1;

	while (ret > 0 && signals_fatal() == 0) {
		pool_stop_if_asked(walk->pool);
		timer_check();
		ret = listing_read(listing, dir->source, dir->source_st.st_size);
	}
	const int err = errno;
	if (walk->by_path)	/* The descriptor is for what is below.  */
		dirpair_close(dir);
	if (ret < 0)
		report_not_read(dir, err);
}

/* Take all entries of the lowest level's directory, in the order the file system has
   them.  */
static void
read_all(struct walk *walk)
{
	struct level *const level = walk->level;
	struct listing listing = LISTING_EMPTY;
	const char *name;
	unsigned char type;

	read_names(walk, level->dir, &listing);
	while (signals_fatal() == 0 && (name = listing_next(&listing, &type)) != NULL) {
		pool_stop_if_asked(walk->pool);
		timer_check();
		take(walk, level, name, type);
	}
	listing_free(&listing);
}

int
walk_into(struct walk *walk, struct entry *entry, bool looked)
{
	const int entered = directory_enter(walk, entry, looked);

	if (entered > 0)
		read_all(walk);
	return entered < 0 ? -1 : 0;
}

/* Open DIR, if it is closed and descriptors suffice for that.  Return 0, or -1 with
   errno.  */
static int
reach(const struct walk *walk, struct dirpair *dir)
{
	return walk->by_path ? 0 : dirpair_reopen(dir, NULL);
}

/* Enter the next directory below LEVEL's.  */
static void
enter_next(struct walk *walk, struct level *level)
{
	struct dirpair *const dir = level->dir;
	/* The list may move while it is read from.  */
	char *const name = strdup(level->names + level->at);
	struct entry entry;

	level->at += strlen(level->names + level->at) + 1;
	if (name == NULL || reach(walk, dir) < 0) {
		report_not_copied(dir, name != NULL ? name : "");
	} else if (dir->dest_is_new && walk->type_suffices) {
		const bool opened = entry_open(walk, &entry, dir, name) == 0;
		const struct subject before = failures_about(opened
							     ? entry_subject(&entry)
							     : SUBJECT_NONE);
		const bool again = opened && walk_into(walk, &entry, false) < 0;
		failures_about(before);
		entry_close(&entry);
		if (again)
			look_at(walk, dir, name, false, NULL);
	} else {
		look_at(walk, dir, name, false, NULL);
	}
	free(name);
}

/* Visit again a name that a worker returned or that waited for a link.  */
static void
look_again(struct walk *walk, struct waiting *waiting)
{
	if (waiting->link == NULL)	/* It was found before, and will be once more.  */
		totals_add(COUNT_FOUND, (uint64_t) -1);
	if (signals_fatal() == 0 && reach(walk, waiting->dir) == 0)
		look_at(walk, waiting->dir, waiting->name, waiting->by_parent, NULL);
	else
		report_not_copied(waiting->dir, waiting->name);
	release_directory(walk, waiting->dir);
	free(waiting);
}

void
walk_on(struct walk *walk)
{
	while (walk->level != NULL || walk->returned.first != NULL) {
		struct level *const lowest = walk->level;
		struct waiting *const waiting = waitlist_take(&walk->returned);
		if (waiting != NULL)
			look_again(walk, waiting);
		else if (lowest->at < lowest->used && signals_fatal() == 0)
			enter_next(walk, lowest);
		else
			directory_leave(walk);
	}
}
