/* SPDX-License-Identifier: GPL-3.0-or-later */
/* path.c: directory and last component.  A path is looked up once: what was seen before
   is recognized by its device and inode when it is opened again.  */
#include "config.h"

#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/inode.h"

const char *
path_last(const char *path)
{
	const char *const slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

size_t
path_trimmed(const char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	return len;
}

size_t
path_base(const char *path)
{
	size_t base = path_trimmed(path);

	while (base > 0 && path[base - 1] != '/')
		base--;
	return base;
}

char *
path_beside(const char *path, const char *name)
{
	char *beside;

	if (asprintf(&beside, "%.*s%s", (int) path_base(path), path, name) >= 0)
		return beside;
	errno = ENOMEM;
	return NULL;
}

int
path_open_parent(int at, const char *path, int flags)
{
	const char *const name = path_last(path);
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

/* Open the directory that the LEN bytes at PATH name, below AT; then close AT unless it
   is BASE.  */
static int
step(int at, int base, const char *path, size_t len, int flags)
{
	char name[PATH_MAX];
	int fd = -1;

	if (len < sizeof name) {
		memcpy(name, path, len);
		name[len] = '\0';
		fd = openat(at, name, O_PATH | O_DIRECTORY | O_CLOEXEC | flags);
	} else {
		errno = ENAMETOOLONG;
	}
	path_close_parent(at, base);
	return fd;
}

int
path_descend(int at, const char *path, size_t trusted, bool follow, const char **name)
{
	const char *slash = memrchr(path, '/', trusted);
	int fd = at;

	/* The user's part is looked up as the user wrote it, up to its last component,
	   which is one that we have made or met as a directory.  */
	if (slash != NULL && slash[strspn(slash, "/")] != '\0') {
		fd = step(fd, at, path, (size_t) (slash - path) + 1, 0);
		path = slash + 1;
	}
	while ((fd >= 0 || fd == at) && (slash = strchr(path, '/')) != NULL) {
		if (slash > path)
			fd = step(fd, at, path, (size_t) (slash - path),
				  follow ? 0 : O_NOFOLLOW);
		path = slash + 1;
	}
	*name = path;
	return fd;
}

void
path_close_parent(int dir, int at)
{
	const int saved = errno;

	if (dir >= 0 && dir != at)
		close(dir);
	errno = saved;
}

int
path_open_same(int at, const char *path, int flags, const struct stat *st)
{
	const int fd = openat(at, path, flags | O_CLOEXEC);

	if (fd < 0 || inode_is(fd, st))
		return fd;
	close(fd);
	errno = ESTALE;
	return -1;
}

bool
path_same_entry(int a_at, const char *a, int b_at, const char *b)
{
	struct stat a_st, b_st;
	bool same = false;

	if (strcmp(path_last(a), path_last(b)) != 0)
		return false;
	const int a_dir = path_open_parent(a_at, a, O_PATH);
	const int b_dir = path_open_parent(b_at, b, O_PATH);
	if ((a_dir >= 0 || a_dir == AT_FDCWD) && (b_dir >= 0 || b_dir == AT_FDCWD)
	    && fstatat(a_dir, a_dir == AT_FDCWD ? "." : "", &a_st, AT_EMPTY_PATH) == 0
	    && fstatat(b_dir, b_dir == AT_FDCWD ? "." : "", &b_st, AT_EMPTY_PATH) == 0)
		same = inode_is_same(&a_st, &b_st);
	path_close_parent(a_dir, a_at);
	path_close_parent(b_dir, b_at);
	return same;
}
