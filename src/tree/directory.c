/* SPDX-License-Identifier: GPL-3.0-or-later */
/* directory.c: into a directory, which is made or was there, and out of it, when it
   gets what it is to have besides its entries.  */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/inode.h"
#include "base/path.h"
#include "base/signals.h"
#include "report/message.h"
#include "report/quote.h"
#include "report/copymessages.h"
#include "report/stats.h"
#include "tree/tree.h"
#include "tree/walk.h"

enum { LEVELS_OPEN = 8 };	/* of a deep tree, when descriptors run out */

/* ---- leaving directories ---- */

/* Sync DIR's destination and, for an operand, the directory that it is in.  */
static int
sync_both(const struct dirpair *dir)
{
	if (dir->dest_path_only)	/* What can't be read can't be synced alone.  */
		sync();
	else if (fsync(dir->dest) < 0)
		return -1;
	return dir->above != NULL ? 0 : descriptor_sync_directory(dir->dest, "..");
}

/* Tell of DIR: what went wrong, REMARKS, a FAULT if there is one, and that it could not
   be opened again for the reason LOST, if that isn't 0; or else that it is there.  */
static void
tell(const struct dirpair *dir, const struct remarks *remarks,
	const struct error *error, int lost)
{
	const struct dirpair *const above = dir->above;
	char *const source_name = dirpair_own_source_name(dir);
	char *const dest_name = above == NULL ? strdup(dir->dest_root)
		: dirpair_dest_name(above, dir->name);
	const struct pathpair pair = {
		.source_name = source_name != NULL ? source_name : dir->name,
		.dest_name = dest_name != NULL ? dest_name : dir->name,
	};

	const struct subject before = failures_about((struct subject) {
		pair.source_name, dirpair_own_base(dir) });
	if (lost != 0)
		message_error(lost, "cannot access %s", quote(pair.dest_name));
	report_remarks(&pair, remarks);
	if (error->step != ERROR_NO_STEP)
		report_error(&pair, error, CUT_NONE);
	failures_about(before);
	if (lost == 0 && !remarks->failed && error->step == ERROR_NO_STEP)
		stats_made(COUNT_DIRECTORIES, pair.source_name, pair.dest_name,
			   dir->planned);
	free(source_name);
	free(dest_name);
}

/* Have DIR open, and its META read.  What has no more than a status needs no source
   open.  0, or -1 with errno.  */
static int
take_both(const struct walk *walk, struct dirpair *dir, struct metadata *meta)
{
	if ((walk->narrow ? dirpair_take_source(dir) : dirpair_take_out(dir, NULL)) < 0)
		return -1;
	const struct openfile source = openfile_directory(dir->source,
							  dir->source_path_only);
	*meta = metadata_read(&walk->run->copy->meta, &source, &dir->source_st);
	if (walk->narrow && !meta->acl && !meta->attributes)
		dirpair_put_away(dir);
	return walk->narrow ? dirpair_take_dest(dir) : 0;
}

/* All that is in DIR is there: now what it is besides.  */
static void
finish(const struct walk *walk, struct dirpair *dir)
{
	const struct copy_policy *const policy = walk->run->copy;
	struct remarks remarks = { .count = 0 };
	struct error error = ERROR_NONE;
	int lost = 0;

	if (walk->run->policy->dry_run) {
		if (dir->planned)
			tell(dir, &remarks, &error, 0);
		return;
	}
	struct metadata meta;
	if (take_both(walk, dir, &meta) < 0) {
		lost = errno;
	} else {
		const struct metadata_target target = {
			.file = openfile_directory(dir->dest, dir->dest_path_only),
			.old = dir->made != 0 ? NULL : &dir->dest_st,
			.made = dir->made != 0 ? &dir->dest_st : NULL,
			.inherits = dir->inherits || dir->made == 0,
		};
		metadata_apply(&policy->meta, &meta, &target, dir->made, &remarks);
		if (policy->dest.fsync && sync_both(dir) < 0)
			error_set(&error, ERROR_SYNC_DIRECTORY, errno);
	}
	if (lost != 0 || remarks.count > 0 || remarks.failed
	    || error.step != ERROR_NO_STEP
	    || stats_wants_names())
		tell(dir, &remarks, &error, lost);
	else
		stats_made(COUNT_DIRECTORIES, NULL, NULL, false);
}

void
directory_release(void *context, struct dirpair *dir)
{
	struct walk *const walk = context;

	while (dir != NULL && dirpair_unuse(dir)) {
		if (signals_fatal() == 0 && !dir->borrowed)
			finish(walk, dir);
		dir = dirpair_free(dir);
	}
}

/* ---- entering directories ---- */

/* Close what can be opened again: the directories between the operand and the lowest
   ones.  */
static void
make_room(struct walk *walk)
{
	const unsigned open = walk->budget / 4 < LEVELS_OPEN ? walk->budget / 4
		: LEVELS_OPEN;
	struct level *level = walk->level;

	pool_drain(walk->pool);
	for (unsigned i = 0; level != NULL && i < open; i++)
		level = level->above;
	for (; level != NULL && level->above != NULL; level = level->above)
		if (level->dir->above != NULL)
			dirpair_put_away(level->dir);
}

/* Open directory NAME below AT; for the path only if it can't be read, and then
   *PATH_ONLY is why not.  */
static int
open_directory(struct walk *walk, int at, const char *name, bool follow, int *path_only)
{
	const int flags = O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW);
	int fd = openat(at, name, O_RDONLY | flags);

	if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
		make_room(walk);
		fd = openat(at, name, O_RDONLY | flags);
	}
	*path_only = 0;
	if (fd < 0 && errno == EACCES) {
		*path_only = errno;
		fd = openat(at, name, O_PATH | flags);
	}
	if (fd >= 0)
		dirpair_count(1);
	return fd;
}

/* The name that is displayed for PATH below the directory that ENTRY's path is relative
   to.  To be freed.  */
static char *
displayed(const struct entry *entry, const char *path)
{
	const struct operand operand = entry_operand(entry);
	const size_t len = strlen(operand.dest_name) - strlen(operand.dest_path);
	char *const text = malloc(len + strlen(path) + 1);

	if (text != NULL)
		strcpy(mempcpy(text, operand.dest_name, len), path);
	return text;
}

/* Whether LINK's copy has the path that ENTRY's will have.  */
static bool
is_same_copy(const struct entry *entry, const struct link *link)
{
	char *const path = entry_dest_path(entry);
	const bool same = path != NULL && strcmp(path, link->path) == 0
		&& link->base == entry_operand(entry).base;

	free(path);
	return same;
}

/* A directory that was copied before, as an operand.  Whether to go on all the same.  */
static bool
decide_copied(struct walk *walk, const struct entry *entry, const struct link *link)
{
	const enum dereference deref = walk->run->policy->dereference;

	if (is_same_copy(entry, link)) {
		message_warning("source directory %s specified more than once",
				quote(entry_operand(entry).source_name));
		return false;
	}
	if (deref == DEREFERENCE_ALWAYS
	    || (entry->dir == NULL && deref == DEREFERENCE_OPERANDS))
		return true;
	char *const there = displayed(entry, link->path);
	message_error(0, "will not create hard link %s to directory %s",
		      quote(entry->pair.dest_name),
		      quote(there != NULL ? there : link->path));
	free(there);
	return false;
}

/* Whether ST, the directory ENTRY, can be copied without end or harm.  All that is made
   for an operand is in its destination: if that is left out as a source, there is an
   end.  */
static bool
may_enter(struct walk *walk, const struct entry *entry, const struct stat *st)
{
	struct linktable *const links = walk->run->links;
	const struct operand operand = entry_operand(entry);

	if (entry->dir != NULL
	    && inode_is_same(st, &dirpair_root(entry->dir)->dest_st)) {
		message_error(0, "cannot copy a directory, %s, into itself, %s",
			      quote(operand.source_name), quote(operand.dest_name));
		return false;
	}
	const struct link *const link = linktable_find(links, st->st_dev, st->st_ino);
	if (link != NULL && !decide_copied(walk, entry, link))
		return false;
	if (entry->dir == NULL && link == NULL
	    && linktable_add(links, st->st_dev, st->st_ino, operand.base,
			     operand.dest_path,
			     strlen(operand.dest_path)) == NULL) {
		message_error(errno, "cannot copy %s", quote(entry->pair.source_name));
		return false;
	}
	if (dirpair_has_ancestor(entry->dir, st)) {
		message_error(0, "cannot copy cyclic symbolic link %s",
			      quote(entry->pair.source_name));
		return false;
	}
	return true;
}

/* Have ENTRY's destination labelled as the copy of DIR's source: that which is made
   next or, if it is there, DIR's.  0, or -1 and it was said.  */
static int
label(const struct run *run, const struct entry *entry, const struct dirpair *dir)
{
	const struct context_policy *const policy = &run->copy->meta.context;
	const struct pathpair *const pair = &entry->pair;
	const struct context_source source = { .fd = dir->source,
					      .mode = dir->source_st.st_mode,
					       .path_only = dir->source_path_only };
	const struct context_target target = { .fd = dir->dest,
					      .path_only = dir->dest_path_only };
	struct remarks remarks = { .count = 0 };
	struct error error = ERROR_NONE;

	if (!context_is_wanted(policy))
		return 0;
	int ret = context_prepare(policy, &source, pair->dest_at, pair->dest,
				  dir->dest < 0, &remarks, &error);
	if (ret == 0 && dir->dest >= 0)
		ret = context_give(policy, &source, &target, &remarks, &error);
	report_remarks(pair, &remarks);
	report_error(pair, &error, CUT_NONE);
	return ret;
}

/* Make DIR's destination, ENTRY's, in the place of what is to be backed up.  */
static int
make_directory(const struct run *run, const struct entry *entry,
	const struct dirpair *dir, mode_t mode)
{
	const struct pathpair *const pair = &entry->pair;
	char *backup;

	if (entry_back_up(run, entry, &backup) < 0)
		return -1;
	const bool labelled = label(run, entry, dir) == 0;
	const int ret = labelled ? mkdirat(pair->dest_at, pair->dest, mode) : -1;
	if (ret < 0 && labelled)
		message_error(errno, "cannot create directory %s", quote(pair->dest_name));
	entry_settle_backup(run, entry, backup, ret == 0);
	return ret;
}

/* In a dry run, a directory that would be made below its source is not there to be met.  */
static void
decide_planned(const struct entry *entry, const struct dirpair *dir)
{
	const struct pathpair *const pair = &entry->pair;

	if (dir->above != NULL)
		return;
	const int parent = path_open_parent(pair->dest_at, pair->dest, O_PATH);
	const int fd = parent == AT_FDCWD ? open(".", O_PATH | O_CLOEXEC) : parent;
	if (fd < 0 && strchr(pair->dest, '/') != NULL && pair->dest_at == AT_FDCWD)
		message_error(errno, "cannot create directory %s", quote(pair->dest_name));
	if (fd >= 0 && inode_is_below(fd, &dir->source_st))
		message_error(0, "cannot copy a directory, %s, into itself, %s",
			      quote(pair->source_name), quote(pair->dest_name));
	path_close_parent(fd, pair->dest_at);
}

/* Make and open DIR's destination, or open the one that is there.  */
static int
open_dest(struct walk *walk, const struct entry *entry, struct dirpair *dir)
{
	const struct pathpair *const pair = &entry->pair;
	const struct metadata_policy *const meta = &walk->run->copy->meta;
	const bool make = !entry->exists || !S_ISDIR(entry->dest.st_mode);
	const mode_t mode = metadata_first_directory_mode(meta, dir->source_st.st_mode);
	int path_only;

	if (make && walk->run->policy->dry_run) {
		dir->planned = dir->fresh = true;
		decide_planned(entry, dir);
		return 0;
	}
	if (make && make_directory(walk->run, entry, dir, mode) < 0)
		return -1;
	dir->dest = open_directory(walk, pair->dest_at, pair->dest, entry->dest_is_link,
				   &path_only);
	if (dir->dest < 0 || fstat(dir->dest, &dir->dest_st) < 0) {
		message_error(errno, "cannot stat %s", quote(pair->dest_name));
		return -1;
	}
	dir->dest_path_only = path_only != 0;
	dir->fresh = make;
	dir->made = make ? dir->dest_st.st_mode : 0;
	if (!make)
		return walk->run->policy->dry_run ? 0 : label(walk->run, entry, dir);
	/* An odd umask may keep us out of what we have made.  */
	const struct openfile made = { .fd = dir->dest, .path_only = dir->dest_path_only,
				   .dir = pair->dest_at, .name = pair->dest };
	if ((dir->made & 0700) != 0700
	    && openfile_change_mode(&made, (dir->made | 0700) & 07777) < 0) {
		message_error(errno, "setting permissions for %s", quote(pair->dest_name));
		return -1;
	}
	return 0;
}

/* Have LEVEL for DIR, which is used by it.  0, or -1 and it was said.  */
static int
push(struct walk *walk, struct dirpair *dir)
{
	struct level *const level = calloc(1, sizeof *level);

	if (level == NULL) {
		message_error(errno, "cannot copy %s", quote(dir->name));
		directory_release(walk, dir);
		return -1;
	}
	level->dir = dir;
	level->above = walk->level;
	walk->level = level;
	return 0;
}

static struct dirpair *
new_dir(const struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;

	if (entry->dir != NULL)
		return dirpair_new((struct dirpair *) entry->dir, path_last(pair->source));
	return dirpair_new_root(pair->source_name, strlen(pair->source_name),
				pair->dest_name,
				strlen(pair->dest_name), pair->dest, pair->dest_at);
}

int
directory_enter(struct walk *walk, struct entry *entry, bool looked)
{
	const struct pathpair *const pair = &entry->pair;
	struct run *const run = walk->run;
	int unreadable;

	if (dirpair_open_count() + 2 > walk->budget)
		make_room(walk);
	/* Two names in the destination may be one directory then.  */
	if (run->policy->keep_directory_symlink && entry->exists)
		pool_drain(walk->pool);
	struct dirpair *const dir = new_dir(entry);
	if (dir == NULL) {
		message_error(errno, "cannot copy %s", quote(pair->source_name));
		return 0;
	}
	dir->followed = pair->follow || entry->dest_is_link;
	dir->source = open_directory(walk, pair->source_at, pair->source, pair->follow,
				     &unreadable);
	if (dir->source < 0 || fstat(dir->source, &dir->source_st) < 0) {
		if (looked)
			message_error(errno, "cannot access %s", quote(pair->source_name));
		goto undo;
	}
	if (!may_enter(walk, entry, &dir->source_st)) {
		looked = true;
		goto undo;
	}
	dir->source_path_only = unreadable != 0;
	looked = true;
	if (walk->narrow)
		dirpair_put_away(dir);
	if (open_dest(walk, entry, dir) < 0)
		goto undo;
	if (dir->made != 0 || dir->planned)
		entry_announce(run, entry, NULL);
	const bool may_inherit = dir->above == NULL || !dir->above->fresh
		|| dir->above->inherits;
	dir->inherits = !dir->planned
		&& (run->copy->meta.mode || run->copy->meta.default_mode) && may_inherit
		&& metadata_bequeaths(dir->dest);
	if (walk->narrow)
		dirpair_put_away(dir);

	const bool foreign = walk->policy->one_file_system && dir->above != NULL
		&& dir->above->source_st.st_dev != dir->source_st.st_dev;
	if (unreadable != 0)
		message_error(unreadable, "cannot access %s", quote(pair->source_name));
	if (unreadable == 0 && !foreign)
		return push(walk, dir) == 0;
	directory_release(walk, dir);
	return 0;
undo:
	if (dir->above != NULL)
		dirpair_unuse(dir->above);
	dirpair_free(dir);
	return looked ? 0 : -1;
}

void
directory_leave(struct walk *walk)
{
	struct level *const level = walk->level;
	struct dirpair *const above = level->dir->above;

	/* The way up is open as long as this is.  */
	if (above != NULL && !walk->narrow && signals_fatal() == 0
	    && dirpair_take_out(level->dir, NULL) == 0)
		dirpair_take_out(above, level->dir);
	walk->level = level->above;
	directory_release(walk, level->dir);
	free(level->names);
	free(level);
}
