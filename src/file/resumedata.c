/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resumedata.c: the file with the data of a copy that can go on, under its hidden
   name.  */
#include "config.h"

#include "file/resumedata.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/inode.h"
#include "file/hiddenfile.h"
#include "file/remove.h"

int
resumedata_make(int dir, const char *name, mode_t mode)
{
	char other[HIDDENNAME_SIZE];

	if (remove_any(dir, name) < 0)
		return -1;
	const int fd = hiddenfile_create(dir, other, O_RDWR, mode);
	if (fd < 0)
		return -1;
	/* This shows that the file system can rename, too.  */
	if (renameat(dir, other, dir, name) == 0)
		return fd;
	const int err = errno;
	close(fd);
	remove_any(dir, other);
	errno = err;
	return -1;
}

/* Open the file FD is, which isn't open but found, though its mode forbids that to its
   owner.  Return a descriptor, or -1 with errno.  */
static int
open_forbidden(int fd)
{
	const struct descriptor_path path = descriptor_path(fd);
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	errno = EACCES;
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid()
	    || chmod(path.text, (st.st_mode & 07777) | S_IRUSR | S_IWUSR) < 0)
		return -1;
	const int opened = open(path.text, O_RDWR | O_CLOEXEC);
	int err = errno;
	if (chmod(path.text, st.st_mode & 07777) == 0 || opened < 0) {
		errno = err;
		return opened;
	}
	err = errno;
	close(opened);
	errno = err;
	return -1;
}

/* Open the file NAME in DIR, which an earlier run made, and which may be meant to be
   read-only.  Return a descriptor, or -1 with errno.  */
static int
open_earlier(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
			| O_CLOEXEC);

	if (fd >= 0 || errno != EACCES)
		return fd;
	const int place = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (place < 0)
		return -1;
	fd = open_forbidden(place);
	const int err = errno;
	close(place);
	errno = err;
	return fd;
}

/* Return whether ERR says that there is no file of ours to be opened.  */
static bool
is_missing(int err)
{
	return err == ENOENT || err == ELOOP || err == ENXIO || err == EISDIR
		|| err == EACCES || err == EPERM;
}

int
resumedata_open(int dir, const char *name, int *data)
{
	*data = open_earlier(dir, name);
	return *data >= 0 || is_missing(errno) ? 0 : -1;
}

int
resumedata_open_again(const struct dest *dest)
{
	const int flags = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	struct stat ours, there;
	int fd = openat(dest->dir, dest->hidden, O_RDONLY | flags);

	if (fd < 0 && errno == EACCES)
		fd = openat(dest->dir, dest->hidden, O_WRONLY | flags);
	if (fd < 0)
		return -1;
	if (fstat(dest->file.fd, &ours) == 0 && fstat(fd, &there) == 0) {
		if (inode_is_same(&ours, &there))
			return fd;
		errno = ESTALE;
	}
	const int err = errno;
	close(fd);
	errno = err;
	return -1;
}
