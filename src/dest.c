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
#include <sys/random.h>
#include <unistd.h>

#include "extent.h"
#include "meta.h"
#include "sys.h"

/* ---- what stands there ---- */

/* The last component of PATH, where it begins; "" if it ends in a slash.  */
static const char *
last_component(const char *path)
{
	const char *const slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* Open the directory that PATH's last component is in.  The descriptor, AT if the path
   has one component only, or -1 with errno.  */
static int
open_parent(int at, const char *path, int flags)
{
	const char *const name = last_component(path);
	char parent[PATH_MAX];

	if (name == path)
		return at;
	const size_t len = (size_t) (name - path);
	if (len >= sizeof parent) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(parent, path, len);	/* with the slash, so that "/" is the root */
	parent[len] = '\0';
	return openat(at, parent, flags | O_DIRECTORY | O_CLOEXEC);
}

/* Whether A (relative to A_AT) and B are the same entry of the same directory.  */
static bool
same_entry(int a_at, const char *a, int b_at, const char *b)
{
	struct stat a_st, b_st;
	bool same = false;

	if (strcmp(last_component(a), last_component(b)) != 0)
		return false;
	const int a_dir = open_parent(a_at, a, O_PATH);
	const int b_dir = open_parent(b_at, b, O_PATH);
	if ((a_dir >= 0 || a_dir == AT_FDCWD) && (b_dir >= 0 || b_dir == AT_FDCWD)
	    && fstatat(a_dir, a_dir == AT_FDCWD ? "." : "", &a_st, AT_EMPTY_PATH) == 0
	    && fstatat(b_dir, b_dir == AT_FDCWD ? "." : "", &b_st, AT_EMPTY_PATH) == 0)
		same = sys_same_inode(&a_st, &b_st);
	if (a_dir >= 0 && a_dir != a_at)
		close(a_dir);
	if (b_dir >= 0 && b_dir != b_at)
		close(b_dir);
	return same;
}

/* Source and destination are one file.  With --remove-destination that is still well
   if removing the destination's entry leaves the source where it is: cp's answers, but
   for a symlink copied onto itself, which cp removes and then can't find.  */
static bool
removal_spares_source(const struct job *job, const struct stat *dest_entry)
{
	struct stat source_entry;

	if (same_entry(job->source_at, job->source, job->dest_at, job->dest))
		return false;
	if (S_ISLNK(dest_entry->st_mode))
		return true;
	return fstatat(job->source_at, job->source, &source_entry, AT_SYMLINK_NOFOLLOW) == 0
		&& !S_ISLNK(source_entry.st_mode);
}

/* Nothing is there, or a symlink to nothing, which is not written through.  */
static int
look_for_dangling(const struct job *job, struct fault *fault)
{
	struct stat entry;

	if (fstatat(job->dest_at, job->dest, &entry, AT_SYMLINK_NOFOLLOW) == 0
	    && S_ISLNK(entry.st_mode))
		return fault_set(fault, FAULT_DANGLING, 0);
	return 0;
}

int
dest_look(struct dest *dest, const struct job *job, const struct stat *source,
	const struct dest_policy *policy, struct fault *fault)
{
	struct stat target;

	if (fstatat(job->dest_at, job->dest, &target, 0) < 0) {
		const bool loop = errno == ELOOP && (policy->force || policy->remove);
		if (errno != ENOENT && !loop)
			return fault_set(fault, FAULT_STAT_DEST, errno);
		if (!policy->remove && !loop)
			return look_for_dangling(job, fault);
		dest->exists = fstatat(job->dest_at, job->dest, &dest->st,
				       AT_SYMLINK_NOFOLLOW) == 0;
		return 0;
	}
	dest->exists = true;
	dest->st = target;
	if (policy->remove
	    && fstatat(job->dest_at, job->dest, &dest->st, AT_SYMLINK_NOFOLLOW) < 0)
		return fault_set(fault, FAULT_STAT_DEST, errno);
	if (policy->no_clobber)
		return 0;
	if (sys_same_inode(source, &target)
	    && !(policy->remove && removal_spares_source(job, &dest->st)))
		return fault_set(fault, FAULT_SAME_FILE, 0);
	if (S_ISDIR(dest->st.st_mode))
		return fault_set(fault, FAULT_DEST_IS_DIRECTORY, 0);
	return 0;
}

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
	return fault_set(fault, errno == EINTR ? FAULT_INTERRUPTED : FAULT_CREATE, errno);
}

static int
open_existing(struct dest *dest, const struct job *job, struct fault *fault)
{
	const int flags = O_CLOEXEC | O_NOCTTY;
	struct stat st;

	if (S_ISREG(dest->st.st_mode)) {
		dest->fd = openat(job->dest_at, job->dest, O_RDWR | flags);
		dest->readable = dest->fd >= 0;
	}
	if (dest->fd < 0)
		dest->fd = openat(job->dest_at, job->dest, O_WRONLY | flags);
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
can_name(int fd, char path[static 32])
{
	struct stat by_fd, by_path;

	sprintf(path, "/proc/self/fd/%d", fd);
	return fstat(fd, &by_fd) == 0 && stat(path, &by_path) == 0
		&& sys_same_inode(&by_fd, &by_path);
}

/* Make up a hidden name beside the destination's.  0, or -1 with errno.  */
static int
hide_name(struct dest *dest)
{
	unsigned long long random;

	if (getrandom(&random, sizeof random, 0) < 0)
		return -1;
	snprintf(dest->hidden, sizeof dest->hidden, ".mmcp-%016llx", random);
	return 0;
}

/* Create a file of such a name.  A descriptor, or -1 with errno.  */
static int
create_hidden(struct dest *dest, mode_t mode)
{
	for (int tries = 0; tries < 100 && hide_name(dest) == 0; tries++) {
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
	char path[32];

	dest->fd = sys_tmpfile(dest->dir, mode);
	if (dest->fd >= 0 && can_name(dest->fd, path)) {
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
	char link[32];
	char path[PATH_MAX];
	struct stat there;

	sprintf(link, "/proc/self/fd/%d", fd);
	const ssize_t len = readlink(link, path, sizeof path - 1);
	if (len < 0)
		return -1;
	path[len] = '\0';
	dest->dir = open_parent(AT_FDCWD, path, O_PATH);
	if (dest->dir < 0)
		return -1;
	dest->own_dir = true;
	/* A file whose name is gone is shown with " (deleted)" after it.  */
	const char *const base = last_component(path);
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
	if (dest->st.st_nlink > 1)
		return fault_set(fault, FAULT_ATOMIC_LINKS, 0);
	/* Who may not write the old file may not replace it either.  */
	if (faccessat(job->dest_at, job->dest, W_OK, AT_EACCESS) < 0 && errno != ETXTBSY)
		return open_failed(fault);
	dest->old = openat(job->dest_at, job->dest, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (dest->old < 0)
		dest->old = openat(job->dest_at, job->dest, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (dest->old < 0 || fstat(dest->old, &st) < 0)
		return fault_set(fault, FAULT_ATOMIC, errno);
	if (!sys_same_inode(&st, &dest->st))
		return fault_set(fault, FAULT_DEST_REPLACED, 0);
	if (find_real_name(dest, dest->old) < 0 || open_hidden(dest, 0600) < 0)
		return fault_set(fault, FAULT_ATOMIC, errno);
	dest->readable = true;
	return 0;
}

int
dest_open(struct dest *dest, const struct job *job, mode_t mode, bool hide, bool replace,
	struct fault *fault)
{
	if (dest->exists && replace)
		return open_replacement(dest, job, fault);
	if (dest->exists)
		return open_existing(dest, job, fault);
	dest->name = last_component(job->dest);
	if (*dest->name == '\0') {	/* nothing at all, or no directory after all */
		errno = *job->dest == '\0' ? ENOENT : ENOTDIR;
		return open_failed(fault);
	}
	dest->dir = open_parent(job->dest_at, job->dest, O_PATH);
	dest->own_dir = dest->dir >= 0 && dest->dir != job->dest_at;
	if (dest->dir < 0 && dest->dir != AT_FDCWD)
		return open_failed(fault);
	mode &= 0777;
	if ((hide ? open_hidden(dest, mode) : open_new(dest, mode)) < 0)
		return open_failed(fault);
	dest->readable = true;
	return 0;
}

/* ---- size, blocks and holes ---- */

int
dest_resize(struct dest *dest, off_t size, struct fault *fault)
{
	const off_t page = (off_t) dest->huge_page;

	/* The last huge page is not filled, and must not keep what an old file had there:
	   it is given back, and a new one is zeros.  */
	if (page != 0 && dest->form == DEST_IN_PLACE && size % page != 0
	    && ftruncate(dest->fd, size / page * page) < 0)
		return fault_set(fault, FAULT_RESIZE, errno);
	if (page != 0)
		size = (size + page - 1) / page * page;
	if (ftruncate(dest->fd, size) < 0)
		return fault_set(fault, FAULT_RESIZE, errno);
	dest->touched = true;
	return 0;
}

/* Reserve blocks for all data of SOURCE.  Where the file system can't, it will tell
   when the blocks are wanted.  */
static int
reserve(struct dest *dest, int source, off_t size, struct fault *fault)
{
	struct extent data = { 0, 0 };
	int found;

	while ((found = extent_next(source, data.end, size, &data)) > 0) {
		if (sys_reserve(dest->fd, data.start, data.end - data.start) == 0)
			continue;
		if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG || errno == EIO)
			return fault_set_at(fault, FAULT_WRITE, errno, data.start);
		return 0;
	}
	return found < 0 ? fault_set(fault, FAULT_READ, errno) : 0;
}

/* Write zeros over what data FD has in [FROM, END), where it can't have a hole.  */
static int
write_zeros(int fd, off_t from, off_t end)
{
	static const char zeros[65536];
	struct extent data = { from, from };
	int found;

	while ((found = extent_next(fd, data.end, end, &data)) > 0)
		for (off_t at = data.start; at < data.end; at += (off_t) sizeof zeros) {
			const off_t left = data.end - at;
			const size_t len = left < (off_t) sizeof zeros ? (size_t) left
				: sizeof zeros;
			if (sys_pwrite_all(fd, zeros, len, at) < 0)
				return -1;
		}
	return found;
}

int
dest_clear(struct dest *dest, off_t from, off_t end, struct fault *fault)
{
	if (dest->form != DEST_IN_PLACE || from >= end || from >= dest->st.st_size)
		return 0;
	dest->touched = true;
	/* Up to a whole page, or the last block of a file would stay, as zeros.  If that
	   takes in data after the hole, they are still to be copied.  */
	const off_t page = (off_t) sys_page_size();
	if (sys_punch(dest->fd, from, (end + page - 1) / page * page - from) == 0)
		return 0;
	if (fault_is_final(errno) || write_zeros(dest->fd, from, end) < 0)
		return fault_set_at(fault, FAULT_PUNCH, errno, from);
	return 0;
}

int
dest_prepare(struct dest *dest, int source, off_t size, bool reserve_blocks,
	struct fault *fault)
{
	if (reserve_blocks && reserve(dest, source, size, fault) < 0) {
		/* Blocks past the end of an old file are given back by its own size.  */
		if (dest->form == DEST_IN_PLACE && ftruncate(dest->fd, dest->st.st_size) < 0)
			dest->touched = true;
		return -1;
	}
	/* Also where the size is right already: stores through a mapping leave set-ID bits
	   and file capabilities alone (tmpfs, 6.18) and the mtime too (hugetlbfs); this
	   takes care of them as a write would.  */
	return dest_resize(dest, size, fault);
}

/* ---- the end of it ---- */

/* Sync the directory DIR, which may be open with O_PATH only.  */
static int
sync_directory(int dir)
{
	const int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	int ret = fsync(fd);
	if (ret < 0 && (errno == EINVAL || errno == EROFS))
		ret = 0;	/* This file system has nothing to sync.  */
	const int saved = errno;
	close(fd);
	errno = saved;
	return ret;
}

/* Sync the directory in which the open file's name is, wherever symlinks led to it.  A
   file whose name is gone has no entry to sync.  */
static int
sync_real_directory(struct dest *dest)
{
	if (find_real_name(dest, dest->fd) < 0)
		return errno == ENOENT ? 0 : -1;
	return sync_directory(dest->dir);
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
	if (fsync(dest->fd) < 0 && !(dest->form == DEST_SPECIAL
				     && (errno == EINVAL || errno == EROFS)))
		return fault_set(fault, FAULT_FLUSH, errno);
	return 0;
}

/* Hear what the file system says on close while there is still a way back.  */
static int
try_close(int fd)
{
	const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	return copy < 0 ? 0 : close(copy);
}

/* Link a file without a name to NAME, which doesn't exist.  */
static int
link_nameless(const struct dest *dest, const char *name)
{
	char path[32];

	sprintf(path, "/proc/self/fd/%d", dest->fd);
	return linkat(AT_FDCWD, path, dest->dir, name, AT_SYMLINK_FOLLOW);
}

/* Put the new file in the place of the old one, if that is still the same.  link can't
   replace, so a file without a name has a hidden one for a moment.  */
static int
take_place(struct dest *dest)
{
	struct stat there;

	if (dest->form == DEST_NAMELESS) {
		if (hide_name(dest) < 0 || link_nameless(dest, dest->hidden) < 0)
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
	if (dest->old >= 0)
		return take_place(dest);
	if (dest->form == DEST_HIDDEN)
		return sys_rename_new(dest->dir, dest->hidden, dest->name);
	if (dest->form == DEST_NAMELESS)
		return link_nameless(dest, dest->name);
	return 0;
}

int
dest_commit(struct dest *dest, bool fsync, struct fault *fault)
{
	const bool replaced = dest->old >= 0;

	if (try_close(dest->fd) < 0)
		return fault_set(fault, FAULT_CLOSE, errno);
	if (give_name(dest) < 0)
		return fault_set(fault, replaced ? FAULT_ATOMIC : FAULT_CREATE, errno);
	/* From here a new file has a name to take away; the old one, once replaced, is gone
	   for good, and what has its place is whole.  */
	if (dest->form != DEST_IN_PLACE && dest->form != DEST_SPECIAL)
		dest->form = replaced ? DEST_NOT_OPEN : DEST_NEW;
	if (fsync && (dest->form == DEST_NEW || replaced) && sync_directory(dest->dir) < 0)
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

bool
dest_close(struct dest *dest)
{
	bool cut = false;

	if (dest->form == DEST_NEW)
		unlink_ours(dest, dest->name);
	else if (dest->form == DEST_HIDDEN)
		unlink_ours(dest, dest->hidden);
	else if (dest->form == DEST_IN_PLACE && dest->touched)
		cut = ftruncate(dest->fd, dest->whole) == 0;
	if (dest->fd >= 0)
		close(dest->fd);
	if (dest->old >= 0)
		close(dest->old);
	if (dest->own_dir)
		close(dest->dir);
	*dest = DEST_CLOSED;
	return cut;
}
