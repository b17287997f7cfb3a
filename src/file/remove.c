/* SPDX-License-Identifier: GPL-3.0-or-later */
/* remove.c: unlink, after a look at what has the name.  */
#include "config.h"

#include "file/remove.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/inode.h"

int
remove_any(int dir, const char *name)
{
	return unlinkat(dir, name, 0) == 0 ? 1 : errno == ENOENT ? 0 : -1;
}

/* Return whether THERE is OURS by all but its inode number.  A user who could put another
   file there could have removed ours, too.  */
static bool
is_like_ours(int dir, const struct stat *ours, const struct stat *there)
{
	return there->st_dev == ours->st_dev && there->st_mode == ours->st_mode
		&& there->st_nlink == 1 && there->st_size == ours->st_size
		&& there->st_uid == ours->st_uid && there->st_gid == ours->st_gid
		&& fs_trust(dir, ".", ours->st_dev) == FS_UNKNOWN;
}

/* Remove NAME if it is OURS or, if HIDDEN, like it.  */
static int
remove_if_ours(int dir, const char *name, const struct stat *ours, bool hidden)
{
	struct stat there;

	if (fstatat(dir, name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (inode_is_same(ours, &there) || (hidden && is_like_ours(dir, ours, &there)))
		return unlinkat(dir, name, 0);
	errno = ESTALE;
	return -1;
}

int
remove_ours(int dir, const char *name, const struct stat *ours)
{
	return remove_if_ours(dir, name, ours, false);
}

int
remove_hidden(int dir, const char *name, const struct stat *ours)
{
	return remove_if_ours(dir, name, ours, true);
}

void
remove_closed(int dir, const char *name, off_t size)
{
	struct stat there;

	if (fstatat(dir, name, &there, AT_SYMLINK_NOFOLLOW) == 0
	    && S_ISREG(there.st_mode) && there.st_nlink == 1 && there.st_size == size)
		unlinkat(dir, name, 0);
}
