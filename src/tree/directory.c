/* SPDX-License-Identifier: GPL-3.0-or-later */
/* directory.c: into a directory, which is made or was there, and out of it, when it
   gets what it is to have besides its entries.  */
#include "config.h"

#include "tree/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/inode.h"
#include "base/path.h"
#include "base/signals.h"
#include "file/finish.h"
#include "file/mode.h"
#include "file/posixacl.h"
#include "report/copymessages.h"
#include "report/entrymessages.h"
#include "report/stats.h"
#include "tree/displace.h"
#include "tree/recursion.h"

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
	char *const source_name = dirpair_own_source_name(dir);
	char *const dest_name = dirpair_own_dest_name(dir);
	const struct pathpair pair = {
		.source_name = source_name != NULL ? source_name : dir->name,
		.dest_name = dest_name != NULL ? dest_name : dir->name,
	};

	const struct subject before = failures_about((struct subject) {
		pair.source_name, dirpair_own_base(dir) });
	if (lost != 0)
		report_cannot_access(pair.dest_name, lost);
	report_remarks(&pair, remarks);
	if (error->step != ERROR_NO_STEP)
		report_error(&pair, error, -1);
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
	if ((walk->by_path ? dirpair_reopen_source(dir) : dirpair_reopen(dir, NULL)) < 0)
		return -1;
	const struct openfile source = openfile_directory(dir->source, dir->source_path_only);
	*meta = metadata_read(&walk->session->copy->meta, &source, &dir->source_st);
	if (walk->by_path && !meta->acl && !meta->attributes)
		dirpair_close(dir);
	return walk->by_path ? dirpair_reopen_dest(dir) : 0;
}

/* All that is in DIR is there: now what it is besides.  */
static void
finish(const struct walk *walk, struct dirpair *dir)
{
	const struct copy_policy *const policy = walk->session->copy;
	struct remarks remarks = { .count = 0 };
	struct error error = ERROR_NONE;
	int lost = 0;

	if (walk->session->policy->dry_run) {
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
			.made_mode = dir->made,
			.inherits = dir->inherits || dir->made == 0,
		};
		finish_file(&policy->meta, &meta, &target, &remarks);
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

	while (dir != NULL && dirpair_unref(dir)) {
		if (signals_fatal() == 0 && !dir->holds_operands)
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
			dirpair_close(level->dir);
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

/* Have ENTRY's destination labelled as the copy of DIR's source: that which is made
   next or, if it is there, DIR's.  0, or -1 and it was said.  */
static int
label(const struct session *session, const struct entry *entry, const struct dirpair *dir)
{
	const struct context_policy *const policy = &session->copy->meta.context;
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
make_directory(const struct session *session, const struct entry *entry,
	const struct dirpair *dir, mode_t mode)
{
	const struct pathpair *const pair = &entry->pair;
	char *backup;

	if (displace_back_up(session, entry, &backup) < 0)
		return -1;
	const bool labelled = label(session, entry, dir) == 0;
	const int ret = labelled ? mkdirat(pair->dest_at, pair->dest, mode) : -1;
	if (ret < 0 && labelled)
		report_cannot_create_directory(pair->dest_name, errno);
	displace_settle_backup(session, entry, backup, ret == 0);
	return ret;
}

/* In a dry run, report a directory that would be made below its own source.  */
static void
decide_planned(const struct entry *entry, const struct dirpair *dir)
{
	const struct pathpair *const pair = &entry->pair;

	if (dir->above != NULL)
		return;
	const int parent = path_open_parent(pair->dest_at, pair->dest, O_PATH);
	const int fd = parent == AT_FDCWD ? open(".", O_PATH | O_CLOEXEC) : parent;
	if (fd < 0 && strchr(pair->dest, '/') != NULL && pair->dest_at == AT_FDCWD)
		report_cannot_create_directory(pair->dest_name, errno);
	if (fd >= 0 && inode_is_below(fd, &dir->source_st))
		report_directory_into_itself(pair->source_name, pair->dest_name);
	path_close_parent(fd, pair->dest_at);
}

/* Make and open DIR's destination, or open the one that is there.  */
static int
open_dest(struct walk *walk, const struct entry *entry, struct dirpair *dir)
{
	const struct pathpair *const pair = &entry->pair;
	const struct metadata_policy *const meta = &walk->session->copy->meta;
	const bool make = !entry->exists || !S_ISDIR(entry->dest.st_mode);
	const mode_t mode = mode_first_directory(meta, dir->source_st.st_mode);
	int path_only;

	if (make && walk->session->policy->dry_run) {
		dir->planned = dir->dest_is_new = true;
		decide_planned(entry, dir);
		return 0;
	}
	if (make && make_directory(walk->session, entry, dir, mode) < 0)
		return -1;
	dir->dest = open_directory(walk, pair->dest_at, pair->dest, entry->dest_is_link,
				   &path_only);
	if (dir->dest < 0 || fstat(dir->dest, &dir->dest_st) < 0) {
		report_cannot_stat(pair->dest_name, errno);
		return -1;
	}
	dir->dest_path_only = path_only != 0;
	dir->dest_is_new = make;
	dir->made = make ? dir->dest_st.st_mode : 0;
	if (!make)
		return walk->session->policy->dry_run ? 0
			: label(walk->session, entry, dir);
	const struct openfile made = { .fd = dir->dest, .path_only = dir->dest_path_only,
				   .dir = pair->dest_at, .name = pair->dest };
	if (mode_let_in(&made, dir->made) < 0) {
		report_cannot_set_permissions(pair->dest_name, errno);
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
		report_cannot_copy(dir->name, errno);
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
	struct session *const session = walk->session;
	int unreadable;

	if (dirpair_open_count() + 2 > walk->budget)
		make_room(walk);
	/* Two names in the destination may be one directory then.  */
	if (session->policy->keep_directory_symlink && entry->exists)
		pool_drain(walk->pool);
	struct dirpair *const dir = new_dir(entry);
	if (dir == NULL) {
		report_cannot_copy(pair->source_name, errno);
		return 0;
	}
	dir->followed = pair->follow || entry->dest_is_link;
	dir->source = open_directory(walk, pair->source_at, pair->source, pair->follow,
				     &unreadable);
	if (dir->source < 0 || fstat(dir->source, &dir->source_st) < 0) {
		if (looked)
			report_cannot_access(pair->source_name, errno);
		goto undo;
	}
	if (!recursion_is_safe(walk->session, entry, &dir->source_st)) {
		looked = true;
		goto undo;
	}
	dir->source_path_only = unreadable != 0;
	looked = true;
	if (walk->by_path)
		dirpair_close(dir);
	if (open_dest(walk, entry, dir) < 0)
		goto undo;
	if (dir->made != 0 || dir->planned)
		entry_announce(session, entry, NULL);
	const bool may_inherit = dir->above == NULL || !dir->above->dest_is_new
		|| dir->above->inherits;
	dir->inherits = !dir->planned
		&& (session->copy->meta.mode || session->copy->meta.default_mode)
		&& may_inherit
		&& posixacl_is_inherited(dir->dest);
	if (walk->by_path)
		dirpair_close(dir);

	const bool foreign = walk->policy->one_file_system && dir->above != NULL
		&& dir->above->source_st.st_dev != dir->source_st.st_dev;
	if (unreadable != 0)
		report_cannot_access(pair->source_name, unreadable);
	if (unreadable == 0 && !foreign)
		return push(walk, dir) == 0;
	directory_release(walk, dir);
	return 0;
undo:
	if (dir->above != NULL)
		dirpair_unref(dir->above);
	dirpair_free(dir);
	return looked ? 0 : -1;
}

void
directory_leave(struct walk *walk)
{
	struct level *const level = walk->level;
	struct dirpair *const above = level->dir->above;

	/* The way up is open as long as this is.  */
	if (above != NULL && !walk->by_path && signals_fatal() == 0
	    && dirpair_reopen(level->dir, NULL) == 0)
		dirpair_reopen(above, level->dir);
	walk->level = level->above;
	directory_release(walk, level->dir);
	free(level->names);
	free(level);
}
