/* SPDX-License-Identifier: GPL-3.0-or-later */
/* faultfs_lustre.c: extended attributes, of which lustre.lov is as on Lustre: the layout
   of a file.  If the backing directory has a layout, in its attribute user.lustre.lov,
   files get that when they are created, unless O_ASYNC is among the flags
   (O_LOV_DELAY_CREATE).  Then one may be set before there are bytes; later, setting it
   does nothing.  */
#include "config.h"

#include "faultfs.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#define SEEN "lustre.lov"
#define KEPT "user.lustre.lov"

enum { MOST = 65536 };

void
lustre_created(int fd, int flags)
{
	char layout[MOST];
	const ssize_t size = lgetxattr(".", KEPT, layout, sizeof layout);

	if (size > 0 && (flags & O_ASYNC) == 0)
		fsetxattr(fd, KEPT, layout, (size_t) size, 0);
}

int
do_setxattr(const char *path, const char *name, const char *value, size_t len, int flags)
{
	const char *const file = inside(path);
	struct stat st;

	OBEY(setxattr, path);
	if (strcmp(name, SEEN) != 0)
		return answer(lsetxattr(file, name, value, len, flags));
	if (lgetxattr(".", KEPT, NULL, 0) < 0)
		return -EOPNOTSUPP;
	if (lstat(file, &st) == 0 && st.st_size == 0)
		lsetxattr(file, KEPT, value, len, XATTR_CREATE);
	return 0;
}

int
do_getxattr(const char *path, const char *name, char *value, size_t len)
{
	OBEY(getxattr, path);
	if (strcmp(name, SEEN) != 0)
		return answer(lgetxattr(inside(path), name, value, len));
	const ssize_t ret = lgetxattr(inside(path), KEPT, value, len);
	if (ret >= 0 || errno != ENODATA)
		return answer(ret);
	return lgetxattr(".", KEPT, NULL, 0) < 0 ? -EOPNOTSUPP : -ENODATA;
}

/* Take KEPT out of the SIZE bytes of LIST.  Return what is left.  */
static int
hide(char *list, size_t size)
{
	for (char *at = list; at < list + size; at += strlen(at) + 1) {
		if (strcmp(at, KEPT) != 0)
			continue;
		memmove(at, at + sizeof KEPT, size - (size_t) (at - list) - sizeof KEPT);
		return (int) (size - sizeof KEPT);
	}
	return (int) size;
}

int
do_listxattr(const char *path, char *list, size_t len)
{
	OBEY(listxattr, path);
	const ssize_t size = llistxattr(inside(path), list, len);
	return size <= 0 || len == 0 ? answer(size) : hide(list, (size_t) size);
}
