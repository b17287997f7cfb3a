/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dest.c: open a destination: an old file, a new one, or a new one that replaces an old
   one.  */
#include "config.h"

#include "file/dest.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/fs.h"
#include "base/inode.h"
#include "base/path.h"
#include "base/permission.h"
#include "base/signals.h"
#include "file/destnew.h"
#include "file/destold.h"
#include "file/realname.h"
#include "file/remove.h"

/* ---- a new file that replaces an old one ---- */

/* Open the old file as dest->old.  */
static int
hold_old(struct dest *dest, const struct pathpair *pair, struct error *error)
{
	struct stat st;

	dest->old = destold_open_unblocked(pair, O_RDONLY);
	if (dest->old < 0 && errno == EACCES)
		dest->old = destold_open_unblocked(pair, O_WRONLY);
	if (dest->old < 0 || fstat(dest->old, &st) < 0)
		return error_set(error, ERROR_ATOMIC, errno);
	return inode_is_same(&st, &dest->file.st) ? 0
		: error_set(error, ERROR_DEST_REPLACED, 0);
}

/* Open a new file that will replace the old one, and have its owner, mode and attributes.
   Until it has the owner, it is private.  */
static int
open_replacement(struct dest *dest, const struct pathpair *pair,
	const struct dest_wish *wish, struct error *error)
{
	const dev_t device = dest->file.st.st_dev;

	if (!S_ISREG(dest->file.st.st_mode))
		return error_set(error, ERROR_ATOMIC_KIND, 0);
	if (dest->file.st.st_nlink > 1 && !dest->breaks_links)
		return error_set(error, ERROR_ATOMIC_LINKS, 0);
	/* A user who may not write the old file may not replace it either.  */
	if (permission_check(pair->dest_at, pair->dest, W_OK) < 0)
		return signals_set_error(error, ERROR_CREATE);
	if (hold_old(dest, pair, error) < 0)
		return -1;
	const enum fs_trust trusted = fs_trust(pair->dest_at, pair->dest, device);
	dest->takes_place = true;
	if (realname_find_by_pair(dest, pair, dest->old) < 0
	    || permission_only_appends(dest->dir)
	    || destnew_open_hidden(dest, wish, 0600, trusted) < 0)
		return error_set(error, ERROR_ATOMIC, errno);
	return 0;
}

/* Open a new file that will replace what is there, and get nothing of it.  */
static int
open_superseding(struct dest *dest, const struct pathpair *pair,
	const struct dest_wish *wish, struct error *error)
{
	if (destnew_find_directory(dest, pair, error) < 0)
		return -1;
	const bool there = fstatat(dest->dir, dest->name, &dest->file.st,
				   AT_SYMLINK_NOFOLLOW) == 0;
	if (there ? permission_is_fixed(dest->dir, dest->name) : errno != ENOENT)
		return error_set(error, ERROR_REMOVE, errno);
	dest->supersedes = there;
	/* Where nothing can be made, nothing could be removed, and cp fails at that.  */
	if (destnew_open(dest, wish) < 0)
		return error_set(error, errno == EACCES || errno == EPERM
				 || errno == EROFS ? ERROR_REMOVE : ERROR_CREATE, errno);
	dest->exists = false;
	dest->takes_place = there;
	return 0;
}

/* ---- a new file ---- */

/* Return whether ERR, from an attempt to make a new file, is due to a symlink.  errno
   becomes ERR.  */
static bool
is_symlink(const struct dest *dest, int err)
{
	struct stat st;
	const bool is = err == EEXIST
		&& fstatat(dest->dir, dest->name, &st, AT_SYMLINK_NOFOLLOW) == 0
		&& S_ISLNK(st.st_mode);

	errno = err;
	return is;
}

/* Open a new file.  Return 0, or -1 with errno and, if dest->dir is -1, an error.  */
static int
try_new(struct dest *dest, const struct pathpair *pair, const struct dest_wish *wish,
	struct error *error)
{
	int ret = destnew_find_directory(dest, pair, error);

	if (ret == 0)
		ret = destnew_open(dest, wish);
	else
		errno = error->err;
	return ret < 0 && errno == EMFILE && !wish->atomic && !wish->waits
		? destnew_open_by_path(dest, pair, wish) : ret;
}

static int
open_new(struct dest *dest, const struct pathpair *pair, const struct dest_wish *wish,
	struct error *error)
{
	if (try_new(dest, pair, wish, error) == 0)
		return 0;
	if (dest->dir == -1)
		return -1;
	if (is_symlink(dest, errno))
		return error_set(error, ERROR_DANGLING, 0);
	return signals_set_error(error, ERROR_CREATE);
}

/* ---- any ---- */

int
dest_open(struct dest *dest, const struct pathpair *pair, const struct dest_wish *wish,
	struct error *error)
{
	if (wish->supersede)
		return open_superseding(dest, pair, wish, error);
	if (!dest->exists)
		return open_new(dest, pair, wish, error);
	return wish->atomic ? open_replacement(dest, pair, wish, error)
		: destold_open(dest, pair, wish, error);
}

int
dest_open_through(struct dest *dest, const struct pathpair *pair, mode_t mode,
	struct error *error)
{
	dest->file.fd = openat(pair->dest_at, pair->dest, O_WRONLY | O_CREAT | O_CLOEXEC,
			       mode & 0777);
	if (dest->file.fd < 0)
		return signals_set_error(error, ERROR_CREATE);
	if (fstat(dest->file.fd, &dest->file.st) < 0)
		return error_set(error, ERROR_STAT_DEST, errno);
	/* It can be removed only by a name that is known to be its own.  */
	const bool is_new = realname_find_by_pair(dest, pair, dest->file.fd) == 0
		&& dest->file.st.st_size == 0;
	dest->file.form = is_new ? DEST_NEW : DEST_IN_PLACE;
	return 0;
}

void
dest_take(struct dest *dest, const struct pathpair *pair, int fd, dev_t device)
{
	dest->file.form = DEST_NEW;
	dest->file.fd = fd;
	dest->file.device = device;
	dest->dir = pair->dest_at;
	dest->name = pair->dest;
}

int
dest_remove(struct dest *dest, const struct pathpair *pair, struct error *error)
{
	if (remove_any(pair->dest_at, pair->dest) < 0)
		return error_set(error, ERROR_REMOVE, errno);
	dest->exists = false;
	return 0;
}

bool
dest_may_hide(const struct pathpair *pair, dev_t device)
{
	if (device != 0)
		return destnew_may_hide(device, pair->dest_at);
	const int dir = path_open_parent(pair->dest_at, pair->dest, O_PATH);
	const bool may = destnew_may_hide(0, dir);

	path_close_parent(dir, pair->dest_at);
	return may;
}

/* Open the new file DEST by its name, where there is no /proc.  */
static int
open_by_name(const struct dest *dest, int flags)
{
	struct stat ours;

	return fstat(dest->file.fd, &ours) < 0 ? -1
		: path_open_same(dest->dir, dest->name, flags | O_NOFOLLOW | O_NONBLOCK,
				 &ours);
}

int
dest_open_again(const struct dest *dest, int flags)
{
	const int fd = open(descriptor_path(dest->file.fd).text, flags | O_CLOEXEC);

	return fd < 0 && dest->file.form == DEST_NEW ? open_by_name(dest, flags) : fd;
}

bool
dest_is_old(const struct dest *dest)
{
	return dest->file.form == DEST_IN_PLACE || dest->file.form == DEST_SPECIAL;
}

int
dest_open_reader(const struct dest *dest)
{
	if (dest->file.form == DEST_SPECIAL || dest->file.huge_page != 0)
		return -1;
	return dest->file.readable ? dest->file.fd : dest_open_again(dest, O_RDONLY);
}
