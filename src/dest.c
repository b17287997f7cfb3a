/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dest.c: the life of a destination, from what stands there to its final name.  */
#include "config.h"

#include "dest.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flush.h"
#include "meta.h"
#include "path.h"
#include "signals.h"
#include "sys.h"

int
dest_remove(struct dest *dest, const struct job *job, struct fault *fault)
{
	if (unlinkat(job->dest_at, job->dest, 0) < 0 && errno != ENOENT)
		return fault_set(fault, FAULT_REMOVE, errno);
	dest->exists = false;
	return 0;
}

/* ---- opening ---- */

/* An open that failed with errno.  */
static int
open_failed(struct fault *fault)
{
	return fault_set(fault, signals_fatal() != 0 ? FAULT_INTERRUPTED : FAULT_CREATE, errno);
}

static int
open_existing(struct dest *dest, const struct job *job, struct fault *fault)
{
	const bool regular = S_ISREG(dest->st.st_mode);
	const int follow = dest->follow ? 0 : O_NOFOLLOW;
	struct stat st;

	if (regular)
		dest->fd = signals_open(job->dest_at, job->dest, O_RDWR | follow, true);
	dest->readable = dest->fd >= 0;
	if (dest->fd < 0 && (!regular || errno == EACCES))
		dest->fd = signals_open(job->dest_at, job->dest, O_WRONLY | follow, regular);
	if (dest->fd < 0)
		return open_failed(fault);
	if (fstat(dest->fd, &st) < 0)
		return fault_set(fault, FAULT_STAT_DEST, errno);
	if (!sys_same_inode(&st, &dest->st))
		return fault_set(fault, FAULT_DEST_REPLACED, 0);
	dest->st = st;
	dest->form = S_ISREG(st.st_mode) ? DEST_IN_PLACE : DEST_SPECIAL;
	return 0;
}

/* Whether a file without a name can be given one later: by the link in /proc.  */
static bool
can_name(int fd)
{
	struct stat by_fd, by_path;

	return fstat(fd, &by_fd) == 0 && stat(sys_proc_name(fd).text, &by_path) == 0
		&& sys_same_inode(&by_fd, &by_path);
}

/* Create a file of a name that nobody looks for.  A descriptor, or -1 with errno.  */
static int
create_hidden(struct dest *dest, mode_t mode)
{
	for (int tries = 0; tries < 100 && sys_hidden_name(dest->hidden) == 0; tries++) {
		const int fd = openat(dest->dir, dest->hidden,
				      O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

/* Open a new file that has no name, or one that nobody looks for.  */
static int
open_hidden(struct dest *dest, mode_t mode)
{
	dest->fd = sys_tmpfile(dest->dir, mode);
	if (dest->fd >= 0 && can_name(dest->fd)) {
		dest->form = DEST_NAMELESS;
		return 0;
	}
	if (dest->fd >= 0)
		close(dest->fd);
	dest->fd = create_hidden(dest, mode);
	if (dest->fd < 0)
		return -1;
	dest->form = DEST_HIDDEN;
	return 0;
}

static int
open_new(struct dest *dest, mode_t mode)
{
	dest->fd = openat(dest->dir, dest->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (dest->fd < 0)
		return -1;
	dest->form = DEST_NEW;
	return 0;
}

/* Open the directory in which a file really is, and find its name there, wherever
   symlinks led to it.  FD is the file, open.  0, or -1 with errno.  */
static int
find_real_name(struct dest *dest, int fd)
{
	char path[PATH_MAX];
	struct stat there;

	const ssize_t len = readlink(sys_proc_name(fd).text, path, sizeof path - 1);
	if (len < 0)
		return -1;
	path[len] = '\0';
	dest->dir = path_open_parent(AT_FDCWD, path, O_PATH);
	if (dest->dir < 0)
		return -1;
	dest->own_dir = true;
	/* A file whose name is gone is shown with " (deleted)" after it.  */
	const char *const base = path_last(path);
	memcpy(dest->real_name, base, strnlen(base, sizeof dest->real_name - 1));
	dest->name = dest->real_name;
	if (fstatat(dest->dir, dest->name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	errno = ENOENT;		/* Deleted meanwhile, or moved.  */
	return sys_same_inode(&there, &dest->st) ? 0 : -1;
}

/* Open a new file that will take the place of the one that exists.  It is private until
   it has the old one's owner.  */
static int
open_replacement(struct dest *dest, const struct job *job, struct fault *fault)
{
	struct stat st;

	if (!S_ISREG(dest->st.st_mode))
		return fault_set(fault, FAULT_ATOMIC_KIND, 0);
	if (dest->st.st_nlink > 1 && !dest->breaks_links)
		return fault_set(fault, FAULT_ATOMIC_LINKS, 0);
	/* Who may not write the old file may not replace it either.  */
	if (faccessat(job->dest_at, job->dest, W_OK, AT_EACCESS) < 0)
		return open_failed(fault);
	dest->old = signals_open(job->dest_at, job->dest, O_RDONLY, true);
	if (dest->old < 0 && errno == EACCES)
		dest->old = signals_open(job->dest_at, job->dest, O_WRONLY, true);
	if (dest->old < 0 || fstat(dest->old, &st) < 0)
		return fault_set(fault, FAULT_ATOMIC, errno);
	if (!sys_same_inode(&st, &dest->st))
		return fault_set(fault, FAULT_DEST_REPLACED, 0);
	if (find_real_name(dest, dest->old) < 0 || sys_only_grows(dest->dir)
	    || open_hidden(dest, 0600) < 0)
		return fault_set(fault, FAULT_ATOMIC, errno);
	dest->readable = true;
	return 0;
}

/* Whether it is a symlink that ERR, from an attempt to make a new file, tells of.  */
static bool
is_symlink(const struct dest *dest, int err)
{
	struct stat st;
	const bool is = err == EEXIST
		&& fstatat(dest->dir, dest->name, &st, AT_SYMLINK_NOFOLLOW) == 0
		&& S_ISLNK(st.st_mode);

	errno = err;
	return is;
}

int
dest_open(struct dest *dest, const struct job *job, mode_t mode, bool hide, bool replace,
	struct fault *fault)
{
	if (dest->exists && replace)
		return open_replacement(dest, job, fault);
	if (dest->exists)
		return open_existing(dest, job, fault);
	dest->name = path_last(job->dest);
	if (*dest->name == '\0') {	/* nothing at all, or no directory after all */
		if (*job->dest == '\0')
			errno = ENOENT;
		else if (openat(job->dest_at, job->dest, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
				0) < 0 && errno == EISDIR)
			errno = ENOTDIR;
		return open_failed(fault);
	}
	dest->dir = path_open_parent(job->dest_at, job->dest, O_PATH);
	dest->own_dir = dest->dir >= 0 && dest->dir != job->dest_at;
	if (dest->dir < 0 && dest->dir != AT_FDCWD)
		return open_failed(fault);
	mode &= 0777;
	if ((hide ? open_hidden(dest, mode) : open_new(dest, mode)) < 0)
		return is_symlink(dest, errno) ? fault_set(fault, FAULT_DANGLING, 0)
			: open_failed(fault);
	dest->readable = true;
	return 0;
}

void
dest_take(struct dest *dest, const struct job *job, int fd)
{
	dest->form = DEST_NEW;
	dest->fd = fd;
	dest->readable = true;
	dest->dir = job->dest_at;
	dest->name = job->dest;
}

int
dest_open_through(struct dest *dest, const struct job *job, mode_t mode, struct fault *fault)
{
	dest->fd = openat(job->dest_at, job->dest, O_RDWR | O_CREAT | O_CLOEXEC, mode & 0777);
	if (dest->fd < 0)
		return open_failed(fault);
	if (fstat(dest->fd, &dest->st) < 0)
		return fault_set(fault, FAULT_STAT_DEST, errno);
	dest->readable = true;
	/* Without a name that is known to be its own it can't be taken away again.  */
	dest->form = find_real_name(dest, dest->fd) == 0 && dest->st.st_size == 0 ? DEST_NEW
		: DEST_IN_PLACE;
	return 0;
}

/* ---- the end of it ---- */

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
	if (find_real_name(dest, dest->fd) < 0)
		return syncfs(dest->fd);
	return sync_directory(dest->dir, dest->fd);
}

int
dest_adopt(struct dest *dest, struct fault *fault)
{
	return dest->old < 0 ? 0 : meta_adopt(dest->fd, dest->old, fault);
}

int
dest_flush(struct dest *dest, struct fault *fault)
{
	/* EINVAL, EROFS: a pipe or a terminal, which has nothing to flush.  */
	if (flush_file(dest->fd, dest->whole) < 0 && !(dest->form == DEST_SPECIAL
				     && (errno == EINVAL || errno == EROFS)))
		return fault_set(fault, signals_fatal() != 0 ? FAULT_INTERRUPTED : FAULT_FLUSH,
				 errno);
	return 0;
}

int
dest_try_close(struct dest *dest, struct fault *fault)
{
	const int copy = dest->tried ? -1 : fcntl(dest->fd, F_DUPFD_CLOEXEC, 0);

	dest->tried = true;
	return copy < 0 || close(copy) == 0 ? 0 : fault_set(fault, FAULT_CLOSE, errno);
}

/* Link a file without a name to NAME, which doesn't exist.  */
static int
link_nameless(const struct dest *dest, const char *name)
{
	return linkat(AT_FDCWD, sys_proc_name(dest->fd).text, dest->dir, name, AT_SYMLINK_FOLLOW);
}

/* Put the new file in the place of the old one, if that is still the same.  link can't
   replace, so a file without a name has a hidden one for a moment.  */
static int
take_place(struct dest *dest)
{
	struct stat there;

	if (dest->form == DEST_NAMELESS) {
		if (sys_hidden_name(dest->hidden) < 0 || link_nameless(dest, dest->hidden) < 0)
			return -1;
		dest->form = DEST_HIDDEN;
	}
	if (fstatat(dest->dir, dest->name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (!sys_same_inode(&there, &dest->st)) {
		errno = EEXIST;
		return -1;
	}
	return renameat(dest->dir, dest->hidden, dest->dir, dest->name);
}

static int
give_name(struct dest *dest)
{
	if (dest->old >= 0 || dest->takes_over)
		return take_place(dest);
	if (dest->form == DEST_HIDDEN)
		return sys_rename_new(dest->dir, dest->hidden, dest->name);
	if (dest->form == DEST_NAMELESS)
		return link_nameless(dest, dest->name);
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
	const bool replaced = dest->old >= 0 || dest->takes_over;

	if (dest->form == DEST_NEW && !fsync)
		return close_new(dest, dest->whole) == 0 ? 0
			: fault_set(fault, FAULT_CLOSE, errno);
	if (dest_try_close(dest, fault) < 0)
		return -1;
	if (give_name(dest) < 0)
		return fault_set(fault, replaced ? FAULT_ATOMIC : FAULT_CREATE, errno);
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

/* Take NAME away if it is still the file that we opened.  */
static void
unlink_ours(const struct dest *dest, const char *name)
{
	struct stat ours, there;

	if (fstat(dest->fd, &ours) == 0
	    && fstatat(dest->dir, name, &there, AT_SYMLINK_NOFOLLOW) == 0
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

off_t
dest_close(struct dest *dest)
{
	off_t cut = -1;

	if (dest->form == DEST_NEW)
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
