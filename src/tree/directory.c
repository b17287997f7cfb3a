/* SPDX-License-Identifier: GPL-3.0-or-later */
/* directory.c: enter a directory: open it, and open or make its destination.  */
#include "config.h"

#include "tree/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/inode.h"
#include "base/path.h"
#include "base/signals.h"
#include "file/mode.h"
#include "file/posixacl.h"
#include "report/entrymessages.h"
#include "tree/displace.h"
#include "tree/finishdir.h"
#include "tree/label.h"
#include "tree/readnames.h"
#include "tree/recursion.h"
#include "tree/share.h"

/* The lowest levels that stay open when descriptors run out.  */
enum { LEVELS_OPEN = 8 };

/* Close the directories between the operand and the lowest ones, and small files.  They
   are opened again when they are needed.  */
static void
close_levels(struct walk *walk)
{
	const unsigned open = walk->budget / 4 < LEVELS_OPEN ? walk->budget / 4
		: LEVELS_OPEN;
	struct level *level = walk_level(walk);

	smallfile_end(&walk->smallfile);
	linktable_close_parent(walk->session->links);
	for (unsigned i = 0; level != NULL && i < open; i++)
		level = level->above;
	for (; level != NULL && level->above != NULL; level = level->above)
		if (level->dir != NULL && level->dir->above != NULL)
			dirpair_close(level->dir);
}

/* Open directory NAME below AT.  If it can't be read, it is opened with O_PATH, and
   *PATH_ONLY is errno; else 0.  Return a descriptor, or -1 with errno.  */
static int
open_directory(struct walk *walk, int at, const char *name, bool follow, int *path_only)
{
	const int flags = O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW);
	int fd = openat(at, name, O_RDONLY | flags);

	if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
		close_levels(walk);
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

/* Label ENTRY's destination as a copy of DIR's source: DIR's, or if that isn't open the
   directory that is made next.  Return 0; or -1 if it must not be copied, which is
   reported.  */
static int
label(const struct session *session, const struct entry *entry, const struct dirpair *dir)
{
	const struct context_source source = {
		.fd = dir->source, .mode = dir->source_st.st_mode,
		.path_only = dir->source_path_only,
	};

	return label_directory(session, &entry->pair, &source, dir->dest,
			       dir->dest_path_only);
}

/* Make the directory that is DIR's and ENTRY's destination, after renaming what stands
   there to its backup.  Return 0, or -1, which is reported.  */
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
report_planned(const struct entry *entry, const struct dirpair *dir)
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

/* Open DIR's destination, and make it first if it doesn't exist.  Return 0, or -1, which
   is reported.  */
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
		report_planned(entry, dir);
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
	dir->source = open_directory(walk, pair->source_at, pair->source, pair->follow,
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

/* Note that the destination of ENTRY is about to be made, so that another walker goes on
   with it if we die.  Return whether one did, and it is there.  */
static bool
was_made(struct walk *walk, const struct entry *entry)
{
	struct stat st;
	const bool redo = walk->redo;

	walk->redo = false;
	if (redo && fstatat(entry->pair.dest_at, entry->pair.dest, &st,
			    AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
		return true;
	if (!entry->exists)
		position_begins(walk->position, BEGUN_DIRECTORY);
	return false;
}

/* Open both sides of DIR, ENTRY's directory.  Return 1; 0 if it is not to be copied, or
   -1 as directory_enter.  */
static int
open_both(struct walk *walk, struct entry *entry, struct dirpair *dir, bool visited,
	int *unreadable)
{
	const int opened = open_source(walk, entry, dir, visited, unreadable);

	if (opened <= 0)
		return opened;
	if (walk->by_path)
		dirpair_close(dir);
	const bool made = was_made(walk, entry);
	if (made) {
		entry->exists = true;
		entry->dest.st_mode = S_IFDIR;
	}
	if (open_dest(walk, entry, dir) < 0)
		return 0;
	if (made) {
		dir->made = dir->dest_st.st_mode;
		dir->dest_is_new = true;
	}
	return 1;
}

/* DIR, called SOURCE_NAME, is open: read its names into a level, and go down to it.
   Return 1; 0 if there was nothing to go down for.  */
static int
go_down(struct walk *walk, struct dirpair *dir, const char *source_name, bool unreadable)
{
	struct level *const level = unreadable || is_foreign(walk, dir) ? NULL
		: level_new(walk->arena, NULL, dir, dir);

	if (level == NULL) {
		if (!unreadable && !is_foreign(walk, dir))
			report_cannot_copy(dir->name, errno);
		finishdir(walk, dir);
		return 0;
	}
	level->led = dir->led;
	snprintf(walk->position->where, POSITION_WHERE, "%s", source_name);
	readnames(walk, level);
	if (walk->queue != NULL && signals_fatal() != 0) {
		level_free(level);	/* Another walker reads it again.  */
		return 0;
	}
	push_level(walk, level);
	return 1;
}

int
directory_enter(struct walk *walk, struct entry *entry, bool visited)
{
	const struct pathpair *const pair = &entry->pair;
	void *const base = arena_top(walk->arena);
	int unreadable;

	if (dirpair_open_count() + 2 > walk->budget)
		close_levels(walk);
	struct dirpair *const dir = new_directory(walk->arena, entry);
	if (dir == NULL) {
		report_cannot_copy(pair->source_name, errno);
		return 0;
	}
	int entered = open_both(walk, entry, dir, visited, &unreadable);
	if (entered > 0) {
		if (dir->made != 0 || dir->planned)
			entry_announce(walk->session, entry, NULL);
		dir->led = dir->led || entry->led;
		dir->inherits = inherits_acl(walk, dir);
		if (walk->by_path)
			dirpair_close(dir);
		if (unreadable != 0)
			report_cannot_access(pair->source_name, unreadable);
		entered = go_down(walk, dir, pair->source_name, unreadable != 0);
	}
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
