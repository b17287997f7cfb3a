/* SPDX-License-Identifier: GPL-3.0-or-later */
/* path.c: directory and last component.  */
#include "config.h"

#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/syscalls.h"

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
		same = sys_same_inode(&a_st, &b_st);
	if (a_dir >= 0 && a_dir != a_at)
		close(a_dir);
	if (b_dir >= 0 && b_dir != b_at)
		close(b_dir);
	return same;
}
