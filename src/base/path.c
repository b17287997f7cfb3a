/* SPDX-License-Identifier: GPL-3.0-or-later */
/* path.c: directory and last component.  A path is looked up once: what was seen before
   is recognized by its device and inode when it is opened again.  */
#include "config.h"

#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
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

bool
path_is_within(const char *path, const char *dir)
{
	const size_t len = path_trimmed(dir), path_len = path_trimmed(path);

	return len > 0 && path_len >= len && strncmp(path, dir, len) == 0
		&& (path_len == len || dir[len - 1] == '/' || path[len] == '/');
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

bool
path_resolve(const char *file, char path[static PATH_MAX])
{
	const size_t base = path_base(file), len = path_trimmed(file) - base;
	char *const parent = path_beside(file, ".");
	char directory[PATH_MAX];
	bool is;

	if (len == 0 || strncmp(file + base, "..", len) == 0)	/* the root, or "." */
		is = realpath(file, path) != NULL;
	else
		is = parent != NULL && realpath(parent, directory) != NULL
			&& snprintf(path, PATH_MAX, "%s/%.*s", strcmp(directory, "/") == 0
				    ? "" : directory, (int) len, file + base) < PATH_MAX;
	free(parent);
	return is;
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

int
path_open_real_parent(int at, const char *path)
{
	const int dir = path_open_parent(at, path, O_PATH);

	return dir == AT_FDCWD ? open(".", O_PATH | O_DIRECTORY | O_CLOEXEC) : dir;
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

/* Return whether directory FD can't be told from ST, which may have had another inode
   number.  */
static bool
is_alike(int fd, const struct stat *st)
{
	struct stat now;

	return fstat(fd, &now) == 0 && now.st_dev == st->st_dev
		&& now.st_uid == st->st_uid && !fs_keeps_inodes(fd, now.st_dev);
}

int
path_open_same_directory(int at, const char *path, int flags, const struct stat *st)
{
	const int fd = openat(at, path, flags | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || inode_is(fd, st) || is_alike(fd, st))
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
