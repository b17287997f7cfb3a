/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dest.c: open a destination, new or existing.  */
#include "config.h"

#include "file/dest.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/fs.h"
#include "base/hiddenname.h"
#include "base/inode.h"
#include "base/path.h"
#include "base/permission.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "file/hiddenfile.h"
#include "file/newfile.h"
#include "file/remove.h"
#include "file/selinux.h"

int
dest_remove(struct dest *dest, const struct pathpair *pair, struct error *error)
{
	if (remove_any(pair->dest_at, pair->dest) < 0)
		return error_set(error, ERROR_REMOVE, errno);
	dest->exists = false;
	return 0;
}

/* ---- opening ---- */

/* An open that failed with errno.  */
static int
open_failed(struct error *error)
{
	return error_set(error, signals_fatal() != 0 ? ERROR_INTERRUPTED : ERROR_CREATE,
			 errno);
}

/* Whether a file is to be readable, too, since it will be mapped.  */
static bool
maps(enum fs_trust trusted, const struct dest_wish *wish)
{
	return trusted != FS_UNKNOWN && (wish->maps || trusted == FS_MAPPED);
}

/* A descriptor of the regular file that exists, emptied by the open, as by cp's; or -1
   with errno.  */
static int
open_emptied(struct dest *dest, const struct pathpair *pair, int follow)
{
	const int fd = signals_open(pair->dest_at, pair->dest,
				    O_WRONLY | O_TRUNC | follow, true);

	dest->file.touched = dest->file.emptied = fd >= 0;
	return fd;
}

/* Open what exists on a file system where a regular file doesn't mind O_NONBLOCK: a
   FIFO that took its name is not waited for, and a lease is.  */
static int
open_unblocked(const struct pathpair *pair, int flags)
{
	const int fd = signals_open(pair->dest_at, pair->dest, flags | O_NONBLOCK, true);

	return fd < 0 && errno == EAGAIN
		? signals_open(pair->dest_at, pair->dest, flags, true) : fd;
}

/* Open the regular file that exists without changing it, if that can be had; else as cp
   does.  A descriptor, or -1 with errno.  */
static int
open_untouched(struct dest *dest, const struct pathpair *pair,
	const struct dest_wish *wish, enum fs_trust trusted, int follow)
{
	int fd = -1;

	if (maps(trusted, wish))
		fd = open_unblocked(pair, O_RDWR | follow);
	dest->file.readable = fd >= 0;
	if (fd < 0 && signals_fatal() == 0)
		fd = open_unblocked(pair, O_WRONLY | follow);
	return fd < 0 && errno != ENXIO && signals_fatal() == 0 && !wish->keep
		? open_emptied(dest, pair, follow) : fd;
}

int
dest_empty(struct dest *dest)
{
	dest->file.touched = dest->file.emptied = true;
	return dest->file.st.st_size == 0 ? 0 : ftruncate(dest->file.fd, 0) < 0 ? -1
		: fstat(dest->file.fd, &dest->file.st);
}

/* Open the regular file that exists, by a file system that is TRUSTED or not.  A
   descriptor, or -1 with errno.  */
static int
open_regular(struct dest *dest, const struct pathpair *pair, const struct dest_wish *wish,
	enum fs_trust trusted, int follow)
{
	if (trusted != FS_UNKNOWN)
		return open_untouched(dest, pair, wish, trusted, follow);
	return wish->keep
		? signals_open(pair->dest_at, pair->dest, O_WRONLY | follow, true)
		: open_emptied(dest, pair, follow);
}

static int
open_existing(struct dest *dest, const struct pathpair *pair,
	const struct dest_wish *wish, struct error *error)
{
	const bool regular = S_ISREG(dest->file.st.st_mode);
	const int follow = dest->follow ? 0 : O_NOFOLLOW;
	const enum fs_trust trusted = !regular ? FS_TRUSTED : wish->as_cp ? FS_UNKNOWN
		: fs_trust(pair->dest_at, pair->dest, dest->file.st.st_dev);
	struct stat st;

	dest->file.fd = regular ? open_regular(dest, pair, wish, trusted, follow)
		: signals_open(pair->dest_at, pair->dest, O_WRONLY | follow, false);
	if (dest->file.fd < 0)
		return open_failed(error);
	if (fstat(dest->file.fd, &st) < 0)
		return error_set(error, ERROR_STAT_DEST, errno);
	if (!inode_is_same(&st, &dest->file.st))
		return error_set(error, ERROR_DEST_REPLACED, 0);
	dest->file.st = st;
	dest->file.device = st.st_dev;
	dest->file.form = S_ISREG(st.st_mode) ? DEST_IN_PLACE : DEST_SPECIAL;
	dest->streams = wish->stream;
	if (regular && !wish->keep
	    && (wish->stream
		|| (trusted == FS_LAYERED
		    && !fs_is_trusted(dest->file.fd, dest->file.st.st_dev)))
	    && dest_empty(dest) < 0)
		return open_failed(error);
	return 0;
}

/* Whether a file without a name can be given one later: by the link in /proc.  */
static bool
can_name(int fd)
{
	struct stat by_fd, by_path;

	return fstat(fd, &by_fd) == 0 && stat(descriptor_path(fd).text, &by_path) == 0
		&& inode_is_same(&by_fd, &by_path);
}

/* See that the file system can rename, by renaming the hidden file once.  0, or -1 with
   errno.  */
static int
can_rename(struct dest *dest)
{
	char other[HIDDENNAME_SIZE];

	hiddenname_make(other);
	if (renameat(dest->dir, dest->hidden, dest->dir, other) < 0)
		return -1;
	memcpy(dest->hidden, other, sizeof other);
	return 0;
}

/* Open a new file under a name that nobody looks for; TRUSTED as to whether that can be
   renamed.  */
static int
open_named(struct dest *dest, mode_t mode, bool trusted, bool reads)
{
	dest->file.fd = permission_only_appends(dest->dir) ? -1
		: hiddenfile_create(dest->dir, dest->hidden,
				    reads ? O_RDWR : O_WRONLY, mode);
	if (dest->file.fd < 0)
		return -1;
	dest->file.form = DEST_HIDDEN;
	dest->file.readable = reads;
	return trusted ? 0 : can_rename(dest);
}

/* Open a new file that has no name, or one that nobody looks for.  */
static int
open_hidden(struct dest *dest, mode_t mode, bool trusted, bool maps)
{
	dest->file.fd = sys_tmpfile(dest->dir, maps ? O_RDWR : O_WRONLY, mode);
	dest->file.readable = maps;
	if (dest->file.fd >= 0 && can_name(dest->file.fd)) {
		dest->file.form = DEST_NAMELESS;
		return 0;
	}
	if (dest->file.fd >= 0)
		close(dest->file.fd);
	return open_named(dest, mode, trusted, trusted && maps);
}

static int
open_new(struct dest *dest, mode_t mode, bool reads)
{
	const int access = reads ? O_RDWR : O_WRONLY;

	dest->file.fd = openat(dest->dir, dest->name,
			       access | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (dest->file.fd < 0)
		return reads && errno != EEXIST ? open_new(dest, mode, false) : -1;
	newfile_note(dest->file.fd);
	dest->file.form = DEST_NEW;
	dest->file.readable = reads;
	return 0;
}

int
dest_find_name(struct dest *dest, int fd)
{
	char path[PATH_MAX];
	struct stat there;

	const ssize_t len = readlink(descriptor_path(fd).text, path, sizeof path - 1);
	if (len < 0)
		return -1;
	path[len] = '\0';
	if (dest->own_dir)
		close(dest->dir);
	dest->dir = path_open_parent(AT_FDCWD, path, O_PATH);
	dest->own_dir = dest->dir >= 0;
	if (dest->dir < 0)
		return -1;
	/* A file whose name is gone is shown with " (deleted)" after it.  */
	const char *const base = path_last(path);
	snprintf(dest->real_name, sizeof dest->real_name, "%s", base);
	dest->name = dest->real_name;
	if (fstatat(dest->dir, dest->name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	errno = ENOENT;		/* Deleted meanwhile, or moved.  */
	return inode_is_same(&there, &dest->file.st) ? 0 : -1;
}

/* Have DIR be where the name of DEST is, unless it is.  */
static void
move_to(struct dest *dest, int dir)
{
	if (dir == dest->dir)
		return;
	if (dest->own_dir)
		close(dest->dir);
	dest->dir = dir;
	dest->own_dir = dir >= 0;
}

/* As dest_find_name, from PAIR's name on, link by link: a path may be longer than /proc
   can say.  */
static int
find_by_links(struct dest *dest, const struct pathpair *pair)
{
	enum { LINKS_MOST = 40 };	/* as the kernel has it */
	char target[PATH_MAX];
	const char *path = pair->dest;
	struct stat there;

	move_to(dest, -1);
	dest->dir = pair->dest_at;
	dest->name = dest->real_name;
	for (unsigned i = 0; i <= LINKS_MOST; i++) {
		move_to(dest, path_open_parent(dest->dir, path, O_PATH));
		snprintf(dest->real_name, sizeof dest->real_name, "%s", path_last(path));
		if (fstatat(dest->dir, dest->name, &there, AT_SYMLINK_NOFOLLOW) < 0)
			return -1;
		if (!S_ISLNK(there.st_mode)) {
			errno = ENOENT;		/* as above */
			return inode_is_same(&there, &dest->file.st) ? 0 : -1;
		}
		const ssize_t len = readlinkat(dest->dir, dest->name, target,
					       sizeof target - 1);
		if (len < 0)
			return -1;
		target[len] = '\0';
		path = target;
	}
	errno = ELOOP;
	return -1;
}

/* Find the name of PAIR's destination, open as FD.  0, or -1 with errno.  */
static int
find_name(struct dest *dest, const struct pathpair *pair, int fd)
{
	return dest_find_name(dest, fd) == 0 ? 0 : find_by_links(dest, pair);
}

/* Open a new file that will take the place of the one that exists.  It is private until
   it has the old one's owner.  */
static int
open_replacement(struct dest *dest, const struct pathpair *pair,
	const struct dest_wish *wish, struct error *error)
{
	struct stat st;

	if (!S_ISREG(dest->file.st.st_mode))
		return error_set(error, ERROR_ATOMIC_KIND, 0);
	if (dest->file.st.st_nlink > 1 && !dest->breaks_links)
		return error_set(error, ERROR_ATOMIC_LINKS, 0);
	/* Who may not write the old file may not replace it either.  */
	if (permission_check(pair->dest_at, pair->dest, W_OK) < 0)
		return open_failed(error);
	dest->old = signals_open(pair->dest_at, pair->dest, O_RDONLY, true);
	if (dest->old < 0 && errno == EACCES)
		dest->old = signals_open(pair->dest_at, pair->dest, O_WRONLY, true);
	if (dest->old < 0 || fstat(dest->old, &st) < 0)
		return error_set(error, ERROR_ATOMIC, errno);
	if (!inode_is_same(&st, &dest->file.st))
		return error_set(error, ERROR_DEST_REPLACED, 0);
	const enum fs_trust trusted = fs_trust(pair->dest_at, pair->dest, st.st_dev);
	dest->takes_place = true;
	if (find_name(dest, pair, dest->old) < 0 || permission_only_appends(dest->dir)
	    || open_hidden(dest, 0600, trusted != FS_UNKNOWN, maps(trusted, wish)) < 0)
		return error_set(error, ERROR_ATOMIC, errno);
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

/* Why PAIR's destination can't be a new file, which has no name that could be opened.  */
static int
open_nothing(const struct pathpair *pair, struct error *error)
{
	if (*pair->dest == '\0')
		errno = ENOENT;
	else if (openat(pair->dest_at, pair->dest,
			O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0) < 0
		 && errno == EISDIR)
		errno = ENOTDIR;
	return open_failed(error);
}

/* Find the directory in which PAIR's new file will be, and its name there.  */
static int
open_directory(struct dest *dest, const struct pathpair *pair, struct error *error)
{
	dest->name = path_last(pair->dest);
	if (*dest->name == '\0')
		return open_nothing(pair, error);
	dest->dir = path_open_parent(pair->dest_at, pair->dest, O_PATH);
	dest->own_dir = dest->dir >= 0 && dest->dir != pair->dest_at;
	return dest->dir < 0 && dest->dir != AT_FDCWD ? open_failed(error) : 0;
}

/* Whether a new file may be made without its name in DIR, on DEVICE (0: not known).
   SELinux labels it by its name, among other things, when it is made.  */
static bool
may_hide(dev_t device, int dir)
{
	return fs_trust(dir, ".", device) != FS_UNKNOWN && !selinux_is_mounted();
}

/* Open a new file in its directory, which was found.  0, or -1 with errno.  */
static int
open_in_directory(struct dest *dest, const struct dest_wish *wish)
{
	const bool hides = wish->hide && !wish->stream, must_hide = wish->atomic
		|| wish->supersede;
	const mode_t mode = wish->mode & 0777;

	dest->file.device = wish->device != 0 ? wish->device : inode_device(dest->dir);
	const enum fs_trust trusted = wish->as_cp ? FS_UNKNOWN
		: fs_trust(dest->dir, ".", dest->file.device);

	dest->streams = wish->stream && !wish->atomic;
	if (must_hide || (hides && trusted != FS_UNKNOWN && !selinux_is_mounted())) {
		const int ret = open_hidden(dest, mode, trusted != FS_UNKNOWN,
					    maps(trusted, wish));
		if (ret == 0 || must_hide || wish->waits)
			return ret;
	}
	return open_new(dest, mode, maps(trusted, wish));
}

/* Open a new file that will replace what exists, and inherit nothing of it.  */
static int
open_superseding(struct dest *dest, const struct pathpair *pair,
	const struct dest_wish *wish, struct error *error)
{
	if (open_directory(dest, pair, error) < 0)
		return -1;
	const bool there = fstatat(dest->dir, dest->name, &dest->file.st,
				   AT_SYMLINK_NOFOLLOW) == 0;
	if (there ? permission_is_fixed(dest->dir, dest->name) : errno != ENOENT)
		return error_set(error, ERROR_REMOVE, errno);
	dest->supersedes = there;
	/* Where nothing can be made, nothing could be removed: cp comes upon that
	   first.  */
	if (open_in_directory(dest, wish) < 0)
		return error_set(error, errno == EACCES || errno == EPERM
				 || errno == EROFS
				 ? ERROR_REMOVE : ERROR_CREATE, errno);
	dest->exists = false;
	dest->takes_place = there;
	return 0;
}

/* Open a new file by its whole path, where there is no descriptor to be had for its
   directory.  */
static int
open_by_path(struct dest *dest, const struct pathpair *pair, const struct dest_wish *wish)
{
	const bool trusted = wish->device != 0
		&& fs_trust(pair->dest_at, ".", wish->device) != FS_UNKNOWN;

	if (dest->own_dir)
		close(dest->dir);
	dest->own_dir = false;
	dest->dir = pair->dest_at;
	dest->name = pair->dest;
	dest->streams = wish->stream;
	return open_new(dest, wish->mode & 0777, trusted);
}

/* Open a new file.  0, or -1 with errno.  */
static int
open_fresh(struct dest *dest, const struct pathpair *pair, const struct dest_wish *wish,
	struct error *error)
{
	int ret = open_directory(dest, pair, error);

	if (ret == 0)
		ret = open_in_directory(dest, wish);
	else
		errno = error->err;
	return ret < 0 && errno == EMFILE && !wish->atomic && !wish->waits
		? open_by_path(dest, pair, wish) : ret;
}

int
dest_open(struct dest *dest, const struct pathpair *pair, const struct dest_wish *wish,
	struct error *error)
{
	if (wish->supersede)
		return open_superseding(dest, pair, wish, error);
	if (dest->exists)
		return (wish->atomic ? open_replacement(dest, pair, wish, error)
			: open_existing(dest, pair, wish, error));
	if (open_fresh(dest, pair, wish, error) == 0)
		return 0;
	if (dest->dir == -1)
		return -1;
	if (is_symlink(dest, errno))
		return error_set(error, ERROR_DANGLING, 0);
	return open_failed(error);
}

bool
dest_is_old(const struct dest *dest)
{
	return dest->file.form == DEST_IN_PLACE || dest->file.form == DEST_SPECIAL;
}

bool
dest_may_hide(const struct pathpair *pair, dev_t device)
{
	if (device != 0)
		return may_hide(device, pair->dest_at);
	const int dir = path_open_parent(pair->dest_at, pair->dest, O_PATH);
	const bool may = may_hide(0, dir);

	path_close_parent(dir, pair->dest_at);
	return may;
}

void
dest_take(struct dest *dest, const struct pathpair *pair, int fd, dev_t device)
{
	dest->file.form = DEST_NEW;
	dest->file.fd = fd;
	dest->file.device = device;
	dest->dir = pair->dest_at;
	dest->name = pair->dest;
}

int
dest_open_through(struct dest *dest, const struct pathpair *pair, mode_t mode,
	struct error *error)
{
	dest->file.fd = openat(pair->dest_at, pair->dest, O_WRONLY | O_CREAT | O_CLOEXEC,
			  mode & 0777);
	if (dest->file.fd < 0)
		return open_failed(error);
	if (fstat(dest->file.fd, &dest->file.st) < 0)
		return error_set(error, ERROR_STAT_DEST, errno);
	/* Without a name that is known to be its own it can't be taken away again.  */
	dest->file.form = find_name(dest, pair, dest->file.fd) == 0
		&& dest->file.st.st_size == 0
		? DEST_NEW
		: DEST_IN_PLACE;
	return 0;
}
