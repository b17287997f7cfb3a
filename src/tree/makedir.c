/* SPDX-License-Identifier: GPL-3.0-or-later */
/* makedir.c: make a directory's copy, and open it.  */
#include "config.h"

#include "tree/makedir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/inode.h"
#include "base/path.h"
#include "file/mode.h"
#include "report/entrymessages.h"
#include "tree/displace.h"
#include "tree/label.h"
#include "tree/opendir.h"

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
	const int fd = path_open_real_parent(pair->dest_at, pair->dest);
	if (fd < 0 && strchr(pair->dest, '/') != NULL && pair->dest_at == AT_FDCWD)
		report_cannot_create_directory(pair->dest_name, errno);
	if (fd >= 0 && inode_is_below(fd, &dir->source_st))
		report_directory_into_itself(pair->source_name, pair->dest_name);
	path_close_parent(fd, pair->dest_at);
}

/* As makedir_open, without a look at what a walker that died left.  */
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
	dir->dest = opendir_at(walk, pair->dest_at, pair->dest, entry->dest_is_link,
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

/* Note that the destination of ENTRY is about to be made, so that another walker goes on
   with it if we die.  Return whether one did, and it is there.  */
static bool
was_made(struct walk *walk, const struct entry *entry)
{
	struct stat st;
	const bool redo = walk->position->redo;

	walk->position->redo = false;
	if (redo && fstatat(entry->pair.dest_at, entry->pair.dest, &st,
			    AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
		return true;
	if (!entry->exists && !walk->session->policy->dry_run)
		position_begins(walk->position, BEGUN_DIRECTORY);
	return false;
}

int
makedir_open(struct walk *walk, struct entry *entry, struct dirpair *dir)
{
	const bool made = was_made(walk, entry);

	if (made) {
		entry->exists = true;
		entry->dest.st_mode = S_IFDIR;
	}
	if (open_dest(walk, entry, dir) < 0)
		return -1;
	if (made) {
		dir->made = dir->dest_st.st_mode;
		dir->dest_is_new = true;
	}
	return 0;
}

bool
makedir_suffices(const struct walk *walk, const struct dirpair *dir)
{
	const mode_t mode = dir->source_st.st_mode;
	const struct copy_policy *const policy = walk->session->copy;

	return !walk->smallfile.finishes && !policy->dest.fsync
		&& mode_first_directory(&policy->meta, mode) == (mode & 07777);
}

int
makedir_empty(struct walk *walk, struct entry *entry, struct dirpair *dir)
{
	const mode_t mode = dir->source_st.st_mode;

	position_begins(walk->position, BEGUN_DIRECTORY);
	return make_directory(walk->session, entry, dir,
			      mode_first_directory(&walk->session->copy->meta, mode));
}
