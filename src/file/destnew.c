/* SPDX-License-Identifier: GPL-3.0-or-later */
/* destnew.c: create a new file, never where there is one.  */
#include "config.h"

#include "file/destnew.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/hiddenname.h"
#include "base/inode.h"
#include "base/path.h"
#include "base/permission.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "file/hiddenfile.h"
#include "file/layout.h"
#include "file/newfile.h"
#include "file/remove.h"
#include "file/selinux.h"

bool
destnew_maps(const struct dest_wish *wish, enum fs_trust trusted)
{
	return trusted != FS_UNKNOWN && (wish->maps || trusted == FS_MAPPED);
}

bool
destnew_may_hide(dev_t device, int dir)
{
	return fs_trust(dir, ".", device) != FS_UNKNOWN && !selinux_is_mounted();
}

/* ---- the directory ---- */

/* PAIR's destination ends in a slash, and so can't be a new file.  Set the error that cp
   has then.  */
static int
refuse_slash(const struct pathpair *pair, struct error *error)
{
	if (*pair->dest == '\0')
		errno = ENOENT;
	else if (openat(pair->dest_at, pair->dest,
			O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0) < 0
		 && errno == EISDIR)
		errno = ENOTDIR;
	return signals_set_error(error, ERROR_CREATE);
}

int
destnew_find_directory(struct dest *dest, const struct pathpair *pair,
	struct error *error)
{
	dest->name = path_last(pair->dest);
	if (*dest->name == '\0')
		return refuse_slash(pair, error);
	dest->dir = path_open_parent(pair->dest_at, pair->dest, O_PATH);
	dest->own_dir = dest->dir >= 0 && dest->dir != pair->dest_at;
	return dest->dir < 0 && dest->dir != AT_FDCWD
		? signals_set_error(error, ERROR_CREATE) : 0;
}

/* ---- hidden files ---- */

/* Return whether a file without a name can be given one later, by the link in /proc.  */
static bool
can_be_named(int fd)
{
	struct stat by_fd, by_path;

	return fstat(fd, &by_fd) == 0 && stat(descriptor_path(fd).text, &by_path) == 0
		&& inode_is_same(&by_fd, &by_path);
}

/* A file system where hidden files can be neither renamed nor removed, and why: another
   one would be left with each file that is copied.  */
static struct {
	dev_t device;		/* 0: none */
	int err;
} keeping;

/* Return whether DIR is on such a file system.  Then errno is set.  */
static bool
keeps_hidden(int dir)
{
	if (keeping.device == 0 || keeping.device != inode_device(dir))
		return false;
	errno = keeping.err;
	return true;
}

/* The hidden file can't be renamed: remove it.  errno stays.  */
static void
remove_again(struct dest *dest)
{
	const int err = errno;
	struct stat ours;
	const bool known = fstat(dest->file.fd, &ours) == 0;

	close(dest->file.fd);
	dest->file.fd = -1;
	dest->file.form = DEST_NOT_OPEN;
	if (known && remove_hidden(dest->dir, dest->hidden, &ours) < 0) {
		keeping.device = ours.st_dev;
		keeping.err = err;
	}
	errno = err;
}

/* Check that the file system can rename, by renaming the hidden file once.  If it can't,
   that file is closed.  */
static int
try_rename(struct dest *dest)
{
	char other[HIDDENNAME_SIZE];

	hiddenname_make(other);
	if (renameat(dest->dir, dest->hidden, dest->dir, other) < 0) {
		remove_again(dest);
		return -1;
	}
	memcpy(dest->hidden, other, sizeof other);
	return 0;
}

/* Open a new file under a hidden name.  READS: for reading, too.  */
static int
open_under_hidden_name(struct dest *dest, mode_t mode, bool trusted, bool reads)
{
	const int access = reads ? O_RDWR : O_WRONLY;

	dest->file.fd = permission_only_appends(dest->dir)
		|| (!trusted && keeps_hidden(dest->dir)) ? -1
		: hiddenfile_create(dest->dir, dest->hidden, access, mode);
	if (dest->file.fd < 0)
		return -1;
	dest->file.form = DEST_HIDDEN;
	dest->file.readable = reads;
	return trusted ? 0 : try_rename(dest);
}

int
destnew_open_hidden(struct dest *dest, const struct dest_wish *wish, mode_t mode,
	enum fs_trust trusted)
{
	const bool maps = destnew_maps(wish, trusted);

	if (wish->open_hidden != NULL) {
		if (wish->open_hidden(wish->context, dest, mode) == 0)
			return 0;
		if (errno == EBUSY || signals_fatal() != 0)
			return -1;
	}
	dest->file.fd = wish->found ? -1
		: sys_tmpfile(dest->dir, maps ? O_RDWR : O_WRONLY, mode);
	dest->file.readable = maps;
	if (dest->file.fd >= 0 && can_be_named(dest->file.fd)) {
		dest->file.form = DEST_NAMELESS;
		return 0;
	}
	if (dest->file.fd >= 0)
		close(dest->file.fd);
	return open_under_hidden_name(dest, mode, trusted != FS_UNKNOWN, maps);
}

/* ---- named files ---- */

/* Open a new file under its own name.  READS: for reading, too, if that is possible.  */
static int
open_named(struct dest *dest, mode_t mode, bool reads)
{
	const int access = reads ? O_RDWR : O_WRONLY;

	dest->file.fd = layout_create(dest->dir, dest->name, access, mode);
	if (dest->file.fd < 0)
		return reads && errno != EEXIST ? open_named(dest, mode, false) : -1;
	newfile_note(dest->file.fd);
	dest->file.form = DEST_NEW;
	dest->file.readable = reads;
	return 0;
}

int
destnew_open(struct dest *dest, const struct dest_wish *wish)
{
	const bool must_hide = wish->atomic || wish->supersede;
	const mode_t mode = wish->mode & 0777;

	dest->file.device = wish->device != 0 ? wish->device : inode_device(dest->dir);
	dest->streams = wish->stream && !wish->atomic;
	const enum fs_trust trusted = wish->as_cp ? FS_UNKNOWN
		: fs_trust(dest->dir, ".", dest->file.device);
	if (must_hide || (wish->hide && !wish->stream && trusted != FS_UNKNOWN
			  && !selinux_is_mounted())) {
		const int ret = destnew_open_hidden(dest, wish, mode, trusted);
		if (ret == 0 || must_hide || wish->waits)
			return ret;
	}
	return open_named(dest, mode, destnew_maps(wish, trusted));
}

int
destnew_open_by_path(struct dest *dest, const struct pathpair *pair,
	const struct dest_wish *wish)
{
	const bool trusted = wish->device != 0
		&& fs_trust(pair->dest_at, ".", wish->device) != FS_UNKNOWN;

	if (dest->own_dir)
		close(dest->dir);
	dest->own_dir = false;
	dest->dir = pair->dest_at;
	dest->name = pair->dest;
	dest->streams = wish->stream;
	return open_named(dest, wish->mode & 0777, trusted);
}
