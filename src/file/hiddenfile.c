/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hiddenfile.c: lock our hidden files; remove unlocked ones that killed runs have
   left.  */
#include "config.h"

#include "file/hiddenfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/hiddenname.h"
#include "base/inode.h"
#include "file/layout.h"
#include "file/remove.h"

/* Lock FD, which was just created under a hidden name.  Return false if another run has
   removed it meanwhile.  Return true on a file system without locks, where none does.  */
static bool
lock(int fd)
{
	struct stat st;

	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno != EWOULDBLOCK;
	return fstat(fd, &st) < 0 || st.st_nlink > 0;
}

static struct stat spared;

void
hiddenfile_spare(const struct stat *st)
{
	spared = *st;
}

/* Return whether NAME is one that hiddenname_make makes for this user.  The file may have
   another owner: -p changes that before it has its final name.  */
static bool
is_ours(const char *name)
{
	char prefix[HIDDENNAME_SIZE];
	const int len = snprintf(prefix, sizeof prefix, ".mmcp-%08x",
				 (unsigned) geteuid());

	return strncmp(name, prefix, (size_t) len) == 0
		&& strlen(name) == (size_t) len + 8
		&& strspn(name + len, "0123456789abcdef") == 8;
}

/* Remove NAME from DIR if it is a file that is not locked.  */
static void
sweep(int dir, const char *name)
{
	const int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1
	    && !inode_is_same(&st, &spared) && flock(fd, LOCK_EX | LOCK_NB) == 0)
		remove_ours(dir, name, &st);
	close(fd);
}

/* Names of a directory that are checked: 300 000 would take 0.4 s
   (doc/measurements.md#directories).  */
enum { NAMES_MOST = 10000 };

void
hiddenfile_sweep(int dir)
{
	const struct dirent *entry;

	const int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *const stream = fd < 0 ? NULL : fdopendir(fd);
	if (stream == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (unsigned i = 0; i < NAMES_MOST && (entry = readdir(stream)) != NULL; i++)
		if (is_ours(entry->d_name))
			sweep(dir, entry->d_name);
	closedir(stream);
}

/* Sweep DIR, unless it is the same as the last time.  */
static void
sweep_once(int dir)
{
	static struct stat last;
	struct stat st;

	if (fstatat(dir, "", &st, AT_EMPTY_PATH) < 0 || inode_is_same(&st, &last))
		return;
	last = st;
	hiddenfile_sweep(dir);
}

int
hiddenfile_create(int dir, char name[static HIDDENNAME_SIZE], int access, mode_t mode)
{
	sweep_once(dir);
	for (int tries = 0; tries < 100; tries++) {
		hiddenname_make(name);
		const int fd = layout_create(dir, name, access, mode);
		if (fd >= 0 && lock(fd))
			return fd;
		if (fd < 0 && errno != EEXIST)
			return -1;
		if (fd >= 0)
			close(fd);
		errno = EEXIST;
	}
	return -1;
}

int
hiddenfile_link(int fd, int dir, char name[static HIDDENNAME_SIZE])
{
	sweep_once(dir);
	flock(fd, LOCK_EX | LOCK_NB);
	hiddenname_make(name);
	return linkat(AT_FDCWD, descriptor_path(fd).text, dir, name, AT_SYMLINK_FOLLOW);
}
