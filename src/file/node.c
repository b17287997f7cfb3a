/* SPDX-License-Identifier: GPL-3.0-or-later */
/* node.c: symlinks, hard links, FIFOs, sockets and devices.  To replace an old file, a
   new one is made under a hidden name and renamed, so that the name is never free.  */
#include "config.h"

#include "file/node.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hiddenname.h"
#include "base/path.h"
#include "base/permission.h"
#include "file/newfile.h"
#include "file/remove.h"

/* Return a hidden path in the directory that NAME below AT is in, if names can be
   replaced there.  The caller frees it; NULL with errno.  */
static char *
hidden_beside(int at, const char *name)
{
	char hidden[HIDDENNAME_SIZE];
	const int dir = path_open_parent(at, name, O_PATH);
	const bool fixed = permission_only_appends(dir);

	path_close_parent(dir, at);
	if (fixed) {
		errno = EPERM;
		return NULL;
	}
	hiddenname_make(hidden);
	newfile_hide(hidden);
	return path_beside(name, hidden);
}

bool
node_is_undeletable(int at, const char *name)
{
	const int dir = path_open_parent(at, name, O_PATH);
	const bool stays = dir == -1 || permission_check(dir, ".", W_OK | X_OK) < 0
		|| permission_is_fixed(dir, path_last(name));

	path_close_parent(dir, at);
	return stays;
}

enum { NO_RENAME = -2 };

/* Making HIDDEN in AT returned RET; if that is 0, rename it to NAME.  If both are one
   file, rename does nothing, and HIDDEN is removed.  Frees HIDDEN, which may be NULL.
   Return 0; NO_RENAME if the rename failed; or RET; with errno.  */
static int
take_name(int ret, int at, char *hidden, const char *name)
{
	int saved = errno;

	if (ret == 0) {
		ret = renameat(at, hidden, at, name) == 0 ? 0 : NO_RENAME;
		saved = errno;
		remove_any(at, hidden);
	}
	newfile_hide(NULL);
	free(hidden);
	errno = saved;
	return ret;
}

/* After RET, remove the old file NAME if HOW permits that, and there was no room for a
   new one beside it, or it can't be renamed over.  Return whether it was removed: then
   NAME itself can be made.  */
static bool
remove_old(int ret, int at, const char *name, enum node_replace how)
{
	return ret < 0 && how == NODE_REMOVE && (error_is_full(errno) || ret == NO_RENAME)
		&& remove_any(at, name) == 1;
}

int
node_symlink(const char *target, int at, const char *name, enum node_replace how)
{
	if (symlinkat(target, at, name) == 0)
		return 0;
	if (errno != EEXIST || how == NODE_NEW)
		return -1;
	char *const hidden = hidden_beside(at, name);
	int ret = hidden == NULL ? -1 : symlinkat(target, at, hidden);
	ret = take_name(ret, at, hidden, name);
	return remove_old(ret, at, name, how) ? symlinkat(target, at, name)
		: ret < 0 ? -1 : ret;
}

int
node_link(int from_at, const char *from, bool follow, int at, const char *name,
	enum node_replace how)
{
	const int flags = follow ? AT_SYMLINK_FOLLOW : 0;

	if (linkat(from_at, from, at, name, flags) == 0)
		return 0;
	if (errno != EEXIST || how == NODE_NEW)
		return -1;
	char *const hidden = hidden_beside(at, name);
	int ret = hidden == NULL ? -1 : linkat(from_at, from, at, hidden, flags);
	ret = take_name(ret, at, hidden, name);
	if (remove_old(ret, at, name, how))
		ret = linkat(from_at, from, at, name, flags);
	return ret < 0 ? -1 : 1;
}

int
node_flush(int at, const char *name, bool follow)
{
	const int flags = O_RDONLY | O_NOCTTY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW);
	int fd = openat(at, name, flags | O_NONBLOCK);
	struct stat st;

	if (fd < 0 && errno == EAGAIN)		/* a lease, and so no FIFO */
		fd = openat(at, name, flags);
	if (fd < 0)
		return 0;
	const int ret = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? fsync(fd) : 0;
	const int err = errno;
	close(fd);
	errno = err;
	return err == EINVAL || err == EROFS ? 0 : ret;
}

/* Make it by mknod; where that refuses a FIFO, by mkfifo, whose error cp reports.  */
static int
make_node(int at, const char *name, mode_t mode, dev_t device)
{
	if (mknodat(at, name, mode, device) == 0)
		return 0;
	return S_ISFIFO(mode) && errno != EEXIST ? mkfifoat(at, name, mode & 07777) : -1;
}

int
node_special(int at, const char *name, mode_t mode, dev_t device, enum node_replace how)
{
	if (S_ISFIFO(mode) || S_ISSOCK(mode))
		device = 0;
	/* The name must be free: fakeroot's mknod opens a file there, and empties it.  */
	if (how == NODE_NEW)
		return make_node(at, name, mode, device);
	char *const hidden = hidden_beside(at, name);
	int ret = hidden == NULL ? -1 : make_node(at, hidden, mode, device);
	ret = take_name(ret, at, hidden, name);
	return remove_old(ret, at, name, how) ? make_node(at, name, mode, device)
		: ret < 0 ? -1 : ret;
}

int
node_open(int at, const char *name, bool follow, mode_t mode)
{
	const int fd = openat(at, name, O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == (mode & S_IFMT))
		return fd;
	close(fd);
	errno = ESTALE;		/* replaced meanwhile */
	return -1;
}

char *
node_read_symlink(int at, const char *name)
{
	char target[PATH_MAX + 1];
	const ssize_t len = readlinkat(at, name, target, PATH_MAX);

	if (len < 0)
		return NULL;
	target[len] = '\0';
	return strdup(target);
}
