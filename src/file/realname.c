/* SPDX-License-Identifier: GPL-3.0-or-later */
/* realname.c: from an open file to its name.  */
#include "config.h"

#include "file/realname.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/inode.h"
#include "base/path.h"

/* Set DEST's directory to DIR, and close the one before.  */
static void
change_dir(struct dest *dest, int dir)
{
	if (dir == dest->dir)
		return;
	if (dest->own_dir)
		close(dest->dir);
	dest->dir = dir;
	dest->own_dir = dir >= 0;
}

static void
set_name(struct dest *dest, const char *path)
{
	snprintf(dest->real_name, sizeof dest->real_name, "%s", path_last(path));
	dest->name = dest->real_name;
}

/* Return 0 if THERE is the old file, else -1 with errno: it was deleted or moved.  */
static int
check(const struct dest *dest, const struct stat *there)
{
	errno = ENOENT;
	return inode_is_same(there, &dest->file.st) ? 0 : -1;
}

int
realname_find(struct dest *dest, int fd)
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
	set_name(dest, path);
	return fstatat(dest->dir, dest->name, &there, AT_SYMLINK_NOFOLLOW) < 0 ? -1
		: check(dest, &there);
}

static int
find_by_links(struct dest *dest, const struct pathpair *pair)
{
	enum { LINKS_MOST = 40 };	/* as the kernel has it */
	char target[PATH_MAX];
	const char *path = pair->dest;
	struct stat there;

	change_dir(dest, -1);
	dest->dir = pair->dest_at;
	for (unsigned i = 0; i <= LINKS_MOST; i++) {
		change_dir(dest, path_open_parent(dest->dir, path, O_PATH));
		set_name(dest, path);
		if (fstatat(dest->dir, dest->name, &there, AT_SYMLINK_NOFOLLOW) < 0)
			return -1;
		if (!S_ISLNK(there.st_mode))
			return check(dest, &there);
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

int
realname_find_by_pair(struct dest *dest, const struct pathpair *pair, int fd)
{
	return dest->follow && realname_find(dest, fd) == 0 ? 0
		: find_by_links(dest, pair);
}
