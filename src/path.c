/* SPDX-License-Identifier: GPL-3.0-or-later */
/* path.c: directory and last component.  */
#include "config.h"

#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys.h"

const char *
path_last(const char *path)
{
	const char *const slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
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
