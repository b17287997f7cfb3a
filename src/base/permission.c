/* SPDX-License-Identifier: GPL-3.0-or-later */
/* permission.c: whether something may be done with a name, before it is done.  */
#include "config.h"

#include "base/permission.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/inode.h"

/* As faccessat, by a path.  Return 0 if it can't be found out.  */
static int
access_by_path(int dir, const char *path, int how)
{
	const bool here = dir == AT_FDCWD || *path == '/';
	char *name = NULL;

	if (!here && asprintf(&name, "%s/%s", descriptor_path(dir).text, path) < 0)
		return 0;
	const int ret = euidaccess(here ? path : name, how);
	const int err = errno;
	free(name);
	errno = err;
	return ret < 0 && err == ENOENT ? 0 : ret;
}

int
permission_check(int dir, const char *path, int how)
{
	const int ret = faccessat(dir, path, how, AT_EACCESS);

	/* faccessat2, which glibc calls, may be refused by a filter.  */
	return ret < 0 && errno == EPERM ? access_by_path(dir, path, how) : ret;
}

bool
permission_only_appends(int dir)
{
	const bool only = (inode_protection(dir, "") & INODE_APPENDED) != 0;

	errno = EPERM;
	return only;
}

bool
permission_is_fixed(int dir, const char *name)
{
	const uid_t user = geteuid();
	struct stat at, file;

	if (fstatat(dir, "", &at, AT_EMPTY_PATH) < 0
	    || fstatat(dir, name, &file, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	const bool stays = inode_protection(dir, "") != 0
		|| inode_protection(dir, name) != 0;
	errno = EPERM;
	return stays || ((at.st_mode & S_ISVTX) != 0 && user != 0 && user != at.st_uid
			 && user != file.st_uid);
}
