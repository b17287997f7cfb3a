/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inode.c: whether two files are one, and what is above a directory.  */
#include "config.h"

#include "base/inode.h"

#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

dev_t
inode_device(int dir)
{
	struct statx stx;

	return statx(dir, dir == AT_FDCWD ? "." : "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
		     0, &stx) == 0
		? makedev(stx.stx_dev_major, stx.stx_dev_minor) : 0;
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

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_INO, &stx) == 0
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
