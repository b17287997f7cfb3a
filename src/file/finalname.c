/* SPDX-License-Identifier: GPL-3.0-or-later */
/* finalname.c: the name of a new file, and the events that watchers of its directory
   receive.  */
#include "config.h"

#include "file/finalname.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/inode.h"
#include "base/path.h"
#include "base/syscalls.h"
#include "file/hiddenfile.h"
#include "file/newfile.h"

enum { OWNER_WRITES = S_IWUSR, ALL_BITS = 07777 };

/* Open PATH for writing: it is our file FD with status OURS, whose mode doesn't permit
   that.  Change the mode for as long as that takes.  Return a descriptor, or -1 if the
   file can't be opened.  Set *ERR if the mode could not be restored.  */
static int
open_with_permission(const char *path, int fd, const struct stat *ours, int *err)
{
	const mode_t mode = ours->st_mode & ALL_BITS;

	if (ours->st_uid != geteuid() || fchmod(fd, mode | OWNER_WRITES) < 0)
		return -1;
	const int named = open(path, O_WRONLY | O_CLOEXEC);
	if (fchmod(fd, mode) < 0)
		*err = errno;
	return named;
}

/* Open NAME as dest->named if it is our file; a FIFO or device that another user puts in
   its place is not opened.  Return 0, even if it can't be opened; or -1 with errno if its
   mode was changed and could not be restored.  */
static int
open_by_name(struct dest *dest, const char *name, const struct stat *ours)
{
	const int place = path_open_same(dest->dir, name, O_PATH | O_NOFOLLOW, ours);
	const struct descriptor_path path = descriptor_path(place);
	int err = 0;

	if (place < 0)
		return 0;
	dest->named = open(path.text, O_WRONLY | O_CLOEXEC);
	if (dest->named < 0 && errno == EACCES)
		dest->named = open_with_permission(path.text, dest->file.fd, ours, &err);
	close(place);
	errno = err;
	return err == 0 ? 0 : -1;
}

/* Link the file, which has no name, to its final name.  */
static int
link_name(struct dest *dest, const struct stat *ours)
{
	if (linkat(AT_FDCWD, descriptor_path(dest->file.fd).text, dest->dir, dest->name,
		   AT_SYMLINK_FOLLOW) < 0)
		return -1;
	dest->file.form = DEST_NEW;
	return open_by_name(dest, dest->name, ours);
}

/* Link it to a hidden name, which can be renamed.  If its mode was changed for a moment
   (LENT), wait until the restored mode is on the device.  */
static int
link_hidden(struct dest *dest, const struct stat *ours, bool lent)
{
	if (hiddenfile_link(dest->file.fd, dest->dir, dest->hidden) < 0)
		return -1;
	dest->file.form = DEST_HIDDEN;
	if (open_by_name(dest, dest->hidden, ours) < 0)
		return -1;
	return lent && fsync(dest->file.fd) < 0 && error_is_final(errno) ? -1 : 0;
}

/* Rename the file from its hidden name to its final name, if no file has that.  */
static int
rename_new(struct dest *dest, const struct stat *ours)
{
	const int ret = sys_rename_new(dest->dir, dest->hidden, dest->name);

	if (ret <= 0)
		return ret;
	dest->file.form = DEST_NEW;
	if (dest->named >= 0)		/* opened by the hidden name */
		close(dest->named);
	dest->named = -1;
	return open_by_name(dest, dest->name, ours);
}

/* Rename it to the final name, if that still belongs to the old file.  */
static int
replace(struct dest *dest, const struct stat *ours)
{
	struct stat there;

	if (fstatat(dest->dir, dest->name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT && dest->supersedes ? rename_new(dest, ours) : -1;
	if (!inode_is_same(&there, &dest->file.st)) {
		errno = EEXIST;
		return -1;
	}
	return renameat(dest->dir, dest->hidden, dest->dir, dest->name);
}

/* Return 0 if the hidden name, which others may know, still is that of our file; or -1
   with errno.  */
static int
check_hidden(const struct dest *dest, const struct stat *ours)
{
	struct stat there;

	if (fstatat(dest->dir, dest->hidden, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (inode_is_same(&there, ours))
		return 0;
	errno = ESTALE;
	return -1;
}

int
finalname_give(struct dest *dest)
{
	struct stat ours;

	if (fstat(dest->file.fd, &ours) < 0)
		return -1;
	if (dest->stays && check_hidden(dest, &ours) < 0)
		return -1;
	newfile_note_status(&ours);
	const bool lends = dest->flushed && geteuid() != 0
		&& (ours.st_mode & OWNER_WRITES) == 0;
	if (dest->file.form == DEST_NAMELESS && !dest->takes_place && !lends)
		return link_name(dest, &ours);
	if (dest->file.form == DEST_NAMELESS && link_hidden(dest, &ours, lends) < 0)
		return -1;
	return dest->takes_place ? replace(dest, &ours) : rename_new(dest, &ours);
}
