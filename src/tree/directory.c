/* SPDX-License-Identifier: GPL-3.0-or-later */
/* directory.c: enter a directory: open it, and open or make its destination.  */
#include "config.h"

#include "tree/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/inode.h"
#include "base/path.h"
#include "base/signals.h"
#include "file/mode.h"
#include "file/posixacl.h"
#include "report/entrymessages.h"
#include "tree/displace.h"
#include "tree/label.h"
#include "tree/recursion.h"
#include "tree/release.h"

/* The lowest levels that stay open when descriptors run out.  */
enum { LEVELS_OPEN = 8 };

/* Close the directories between the operand and the lowest ones.  They are opened again
   when they are needed.  */
static void
close_levels(struct walk *walk)
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

/* Add a level for DIR, whose reference it takes over.  Return 0, or -1, which is
   reported.  */
static int
push_level(struct walk *walk, struct dirpair *dir)
{
	struct level *const level = calloc(1, sizeof *level);

	if (level == NULL) {
		report_cannot_copy(dir->name, errno);
		release_directory(walk, dir);
		return -1;
	}
	level->dir = dir;
	level->above = walk->level;
	walk->level = level;
	return 0;
}

/* Return the directory pair of ENTRY, not open yet; NULL with errno.  */
static struct dirpair *
new_directory(const struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;

	if (entry->dir != NULL)
		return dirpair_new((struct dirpair *) entry->dir,
				   path_last(pair->source));
	return dirpair_new_root(pair->source_name, strlen(pair->source_name),
				pair->dest_name,
				strlen(pair->dest_name), pair->dest, pair->dest_at);
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

/* Free DIR, which is not entered.  */
static void
abandon(struct dirpair *dir)
{
	struct dirpair *const above = dirpair_free(dir);

	if (above != NULL)
		dirpair_unref(above);
}

int
directory_enter(struct walk *walk, struct entry *entry, bool visited)
{
	const struct pathpair *const pair = &entry->pair;
	int unreadable;

	if (dirpair_open_count() + 2 > walk->budget)
		close_levels(walk);
	/* Two names in the destination may be one directory then.  */
	if (walk->session->policy->keep_directory_symlink && entry->exists)
		pool_drain(walk->pool);
	struct dirpair *const dir = new_directory(entry);
	if (dir == NULL) {
		report_cannot_copy(pair->source_name, errno);
		return 0;
	}
	const int opened = open_source(walk, entry, dir, visited, &unreadable);
	if (opened > 0 && walk->by_path)
		dirpair_close(dir);
	if (opened <= 0 || open_dest(walk, entry, dir) < 0) {
		abandon(dir);
		return opened < 0 ? -1 : 0;
	}
	if (dir->made != 0 || dir->planned)
		entry_announce(walk->session, entry, NULL);
	dir->inherits = inherits_acl(walk, dir);
	if (walk->by_path)
		dirpair_close(dir);
	if (unreadable != 0)
		report_cannot_access(pair->source_name, unreadable);
	if (unreadable == 0 && !is_foreign(walk, dir))
		return push_level(walk, dir) == 0;
	release_directory(walk, dir);
	return 0;
}

void
directory_leave(struct walk *walk)
{
	struct level *const level = walk->level;
	struct dirpair *const above = level->dir->above;

	/* `..' leads up as long as this one is open.  */
	if (above != NULL && !walk->by_path && signals_fatal() == 0
	    && dirpair_reopen(level->dir, NULL) == 0)
		dirpair_reopen(above, level->dir);
	walk->level = level->above;
	release_directory(walk, level->dir);
	free(level->names);
	free(level);
}
