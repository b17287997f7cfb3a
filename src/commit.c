/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commit.c: commit a destination (flush it, name it, close it), or abandon it.  */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "dest.h"
#include "flush.h"
#include "hidden.h"
#include "meta.h"
#include "signals.h"
#include "sys.h"

/* Sync the directory DIR, open with O_PATH, in which the open FILE is.  One that can't be
   read can't be opened to be synced; but its file system can be, by the file.  */
static int
sync_directory(int dir, int file)
{
	const int ret = sys_sync_directory(dir, ".");

	return ret < 0 && errno == EACCES ? syncfs(file) : ret;
}

/* Sync the directory in which the open file's name is, wherever symlinks led to it.  */
static int
sync_real_directory(struct dest *dest)
{
	if (dest_find_name(dest, dest->fd) < 0)
		return syncfs(dest->fd);
	return sync_directory(dest->dir, dest->fd);
}

int
dest_adopt(struct dest *dest, struct fault *fault)
{
	return dest->old < 0 ? 0 : meta_adopt(dest->fd, dest->old, fault);
}

int
dest_flush(struct dest *dest, bool must, struct fault *fault)
{
	if (flush_file(dest->fd, dest->whole) == 0)
		return 0;
	if (signals_fatal() != 0)
		return fault_set(fault, FAULT_INTERRUPTED, errno);
	/* EINVAL, EROFS: a pipe or a terminal, which has nothing to flush.  */
	if (must ? dest->form == DEST_SPECIAL && (errno == EINVAL || errno == EROFS)
	    : !fault_is_final(errno))
		return 0;
	return fault_set(fault, FAULT_FLUSH, errno);
}

int
dest_try_close(struct dest *dest, struct fault *fault)
{
	const int copy = dest->tried ? -1 : fcntl(dest->fd, F_DUPFD_CLOEXEC, 0);

	dest->tried = true;
	return copy < 0 || close(copy) == 0 ? 0 : fault_set(fault, FAULT_CLOSE, errno);
}

/* Put the new file in the place of the old one, if that is still the same.  link can't
   replace, so a file without a name has a hidden one for a moment.  */
static int
take_place(struct dest *dest)
{
	struct stat there;

	if (dest->form == DEST_NAMELESS) {
		if (hidden_link(dest->fd, dest->dir, dest->hidden) < 0)
			return -1;
		dest->form = DEST_HIDDEN;
	}
	if (fstatat(dest->dir, dest->name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT && dest->supersedes
			? sys_rename_new(dest->dir, dest->hidden, dest->name) : -1;
	if (!sys_same_inode(&there, &dest->st)) {
		errno = EEXIST;
		return -1;
	}
	return renameat(dest->dir, dest->hidden, dest->dir, dest->name);
}

static int
give_name(struct dest *dest)
{
	if (dest->takes_place)
		return take_place(dest);
	if (dest->form == DEST_HIDDEN)
		return sys_rename_new(dest->dir, dest->hidden, dest->name);
	if (dest->form == DEST_NAMELESS)
		return linkat(AT_FDCWD, sys_proc_name(dest->fd).text, dest->dir, dest->name,
			      AT_SYMLINK_FOLLOW);
	return 0;
}

/* Close a new file that has its name, for good: a small one in a tree has no calls to
   spare for dest_try_close.  If that fails there is no inode left to know it by; what
   is then taken away has its name and its size.  */
static int
close_new(struct dest *dest, off_t size)
{
	struct stat there;

	dest->form = DEST_NOT_OPEN;
	const int ret = close(dest->fd);
	const int err = errno;
	dest->fd = -1;
	if (ret < 0 && fstatat(dest->dir, dest->name, &there, AT_SYMLINK_NOFOLLOW) == 0
	    && S_ISREG(there.st_mode) && there.st_nlink == 1 && there.st_size == size)
		unlinkat(dest->dir, dest->name, 0);
	errno = err;
	return ret;
}

int
dest_commit(struct dest *dest, bool fsync, struct fault *fault)
{
	const bool replaced = dest->takes_place;

	if (dest->form == DEST_NEW && !fsync)
		return close_new(dest, dest->whole) == 0 ? 0
			: fault_set(fault, FAULT_CLOSE, errno);
	if (dest_try_close(dest, fault) < 0)
		return -1;
	if (give_name(dest) < 0)
		return fault_set(fault, dest->supersedes ? FAULT_REMOVE : replaced ? FAULT_ATOMIC
				 : FAULT_CREATE, errno);
	/* From here a new file has a name to take away; the old one, once replaced, is
	   gone for good, and what has its place is whole.  */
	if (dest->form != DEST_IN_PLACE && dest->form != DEST_SPECIAL)
		dest->form = replaced ? DEST_NOT_OPEN : DEST_NEW;
	if (fsync && (dest->form == DEST_NEW || replaced)
	    && sync_directory(dest->dir, dest->fd) < 0)
		return fault_set(fault, FAULT_SYNC_DIRECTORY, errno);
	if (fsync && dest->form == DEST_IN_PLACE && sync_real_directory(dest) < 0)
		return fault_set(fault, FAULT_SYNC_DIRECTORY, errno);
	dest->form = DEST_NOT_OPEN;
	return 0;
}

/* Close, and take NAME away if it is still the file that we opened.  In this order: a FUSE file
   system may have to rename what is removed while it is open.  */
static void
unlink_ours(struct dest *dest, const char *name)
{
	struct stat ours, there;
	const int known = fstat(dest->fd, &ours);

	close(dest->fd);
	dest->fd = -1;
	if (known == 0 && fstatat(dest->dir, name, &there, AT_SYMLINK_NOFOLLOW) == 0
	    && sys_same_inode(&ours, &there))
		unlinkat(dest->dir, name, 0);
}

/* Cut an old file to the part that is whole.  How many bytes that is; -1 if it had none;
   DEST_MIXED if it can't be cut.  */
static off_t
cut_to_whole(const struct dest *dest)
{
	const off_t page = dest->huge_page != 0 ? (off_t) dest->huge_page : 1;
	const off_t whole = dest->whole - dest->whole % page;
	struct stat now;

	if (fstat(dest->fd, &now) < 0)
		return DEST_MIXED;
	if (now.st_size < whole || now.st_size == 0)
		return -1;
	return now.st_size == whole || ftruncate(dest->fd, whole) == 0 ? whole : DEST_MIXED;
}

/* Keep what a stream delivered, including a hole at its end.  */
static void
extend_to_whole(const struct dest *dest)
{
	struct stat now;

	if (fstat(dest->fd, &now) == 0 && now.st_size < dest->whole
	    && ftruncate(dest->fd, dest->whole) < 0)
		return;		/* the hole is lost */
}

off_t
dest_close(struct dest *dest)
{
	off_t cut = -1;

	if (dest->form == DEST_NEW && dest->streams)
		extend_to_whole(dest);
	else if (dest->form == DEST_NEW)
		unlink_ours(dest, dest->name);
	else if (dest->form == DEST_HIDDEN)
		unlink_ours(dest, dest->hidden);
	else if (dest->form == DEST_IN_PLACE && dest->touched)
		cut = cut_to_whole(dest);
	if (dest->fd >= 0)
		close(dest->fd);
	if (dest->old >= 0)
		close(dest->old);
	if (dest->own_dir)
		close(dest->dir);
	*dest = DEST_CLOSED;
	return cut;
}
