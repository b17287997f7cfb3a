/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inode.c: whether two files are one, and what is above a directory, and what statx
   knows besides.  */
#include "config.h"

#include "base/inode.h"

#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#ifndef HAVE_STATX
# include <linux/stat.h>
# include <sys/syscall.h>
#endif

/* As statx(2), which musl doesn't have before 1.2.5.  */
static int
get_statx(int dir, const char *name, int flags, unsigned mask, struct statx *stx)
{
#ifdef HAVE_STATX
	return statx(dir, name, flags, mask, stx);
#else
	return (int) syscall(SYS_statx, dir, name, flags, mask, stx);
#endif
}

dev_t
inode_device(int dir)
{
	struct statx stx;

	return get_statx(dir, dir == AT_FDCWD ? "." : "",
			 AT_EMPTY_PATH | AT_STATX_DONT_SYNC, 0, &stx) == 0
		? makedev(stx.stx_dev_major, stx.stx_dev_minor) : 0;
}

unsigned
inode_protection(int dir, const char *name)
{
	struct statx stx;

	if (get_statx(dir, name, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, 0, &stx) < 0)
		return 0;
	const unsigned appended = (stx.stx_attributes & STATX_ATTR_APPEND) != 0;
	const unsigned immutable = (stx.stx_attributes & STATX_ATTR_IMMUTABLE) != 0;
	return appended * INODE_APPENDED | immutable * INODE_IMMUTABLE;
}

bool
inode_is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

bool
inode_is(int fd, const struct stat *st)
{
	struct statx stx;
	struct stat now;

	if (get_statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_INO, &stx) == 0
	    && (stx.stx_mask & STATX_INO) != 0)
		return stx.stx_ino == st->st_ino
			&& makedev(stx.stx_dev_major, stx.stx_dev_minor) == st->st_dev;
	return fstat(fd, &now) == 0 && inode_is_same(&now, st);
}

bool
inode_is_below(int fd, const struct stat *target)
{
	struct stat st, last = { .st_ino = 0 };
	int at = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	bool below = true;		/* if it can't be found out */

	while (at >= 0 && fstat(at, &st) == 0) {
		below = inode_is_same(&st, target);
		if (below || inode_is_same(&st, &last))
			break;
		last = st;
		below = true;
		const int up = openat(at, "..", O_PATH | O_CLOEXEC);
		close(at);
		at = up;
	}
	if (at >= 0)
		close(at);
	return below;
}

bool
inode_changed_since(const struct stat *st, const struct timespec *began)
{
	const struct timespec *const changed = &st->st_ctim;
	/* Some file systems keep whole seconds only; all others some milliseconds.  */
	const long slack = changed->tv_nsec == 0 ? 2000000000 : 20000000;
	const long long since = (changed->tv_sec - began->tv_sec) * 1000000000LL
		+ changed->tv_nsec - began->tv_nsec;

	return since + slack >= 0;
}
