/* SPDX-License-Identifier: GPL-3.0-or-later */
/* destold.c: open an old file.  Where the file system is trusted, its content stays until
   it is overwritten; elsewhere it is emptied at once, as by cp.  */
#include "config.h"

#include "file/destold.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/inode.h"
#include "base/signals.h"
#include "file/destnew.h"

/* Open a regular file and empty it, by one call, as cp does.  Return a descriptor, or -1
   with errno.  */
static int
open_emptied(struct dest *dest, const struct pathpair *pair, int follow)
{
	const int fd = signals_open(pair->dest_at, pair->dest,
				    O_WRONLY | O_TRUNC | follow, true);

	dest->file.touched = dest->file.emptied = fd >= 0;
	return fd;
}

int
destold_open_unblocked(const struct pathpair *pair, int flags)
{
	const int fd = signals_open(pair->dest_at, pair->dest, flags | O_NONBLOCK, true);

	return fd < 0 && errno == EAGAIN
		? signals_open(pair->dest_at, pair->dest, flags, true) : fd;
}

/* Open a regular file without changing it, if possible; else as cp does.  Return a
   descriptor, or -1 with errno.  */
static int
open_untouched(struct dest *dest, const struct pathpair *pair,
	const struct dest_wish *wish, enum fs_trust trusted, int follow)
{
	int fd = -1;

	if (destnew_maps(wish, trusted))
		fd = destold_open_unblocked(pair, O_RDWR | follow);
	dest->file.readable = fd >= 0;
	if (fd < 0 && signals_fatal() == 0)
		fd = destold_open_unblocked(pair, O_WRONLY | follow);
	return fd < 0 && errno != ENXIO && signals_fatal() == 0 && !wish->keep
		? open_emptied(dest, pair, follow) : fd;
}

/* Open a regular file.  Return a descriptor, or -1 with errno.  */
static int
open_regular(struct dest *dest, const struct pathpair *pair, const struct dest_wish *wish,
	enum fs_trust trusted, int follow)
{
	if (trusted != FS_UNKNOWN)
		return open_untouched(dest, pair, wish, trusted, follow);
	return wish->keep
		? signals_open(pair->dest_at, pair->dest, O_WRONLY | follow, true)
		: open_emptied(dest, pair, follow);
}

int
destold_empty(struct dest *dest)
{
	dest->file.touched = dest->file.emptied = true;
	/* Even an empty one gets the time of now by this.  */
	return ftruncate(dest->file.fd, 0) < 0 ? -1
		: fstat(dest->file.fd, &dest->file.st);
}

/* Return whether a regular file, open, has to be emptied before it is written.  Of a file
   system with layers, it is known only now which one the file is on.  */
static bool
must_be_empty(const struct dest *dest, const struct dest_wish *wish,
	enum fs_trust trusted)
{
	return !wish->keep
		&& (wish->stream
		    || (trusted == FS_LAYERED
			&& !fs_is_trusted(dest->file.fd, dest->file.st.st_dev)));
}

int
destold_open(struct dest *dest, const struct pathpair *pair, const struct dest_wish *wish,
	struct error *error)
{
	const bool regular = S_ISREG(dest->file.st.st_mode);
	const int follow = dest->follow ? 0 : O_NOFOLLOW;
	const enum fs_trust trusted = !regular ? FS_TRUSTED : wish->as_cp ? FS_UNKNOWN
		: fs_trust(pair->dest_at, pair->dest, dest->file.st.st_dev);
	struct stat st;

	dest->file.fd = regular ? open_regular(dest, pair, wish, trusted, follow)
		: signals_open(pair->dest_at, pair->dest, O_WRONLY | follow, false);
	if (dest->file.fd < 0)
		return signals_set_error(error, ERROR_CREATE);
	if (fstat(dest->file.fd, &st) < 0)
		return error_set(error, ERROR_STAT_DEST, errno);
	if (!inode_is_same(&st, &dest->file.st))
		return error_set(error, ERROR_DEST_REPLACED, 0);
	dest->file.st = st;
	dest->file.device = st.st_dev;
	dest->file.form = S_ISREG(st.st_mode) ? DEST_IN_PLACE : DEST_SPECIAL;
	dest->streams = wish->stream;
	if (regular && must_be_empty(dest, wish, trusted) && destold_empty(dest) < 0)
		return signals_set_error(error, ERROR_CREATE);
	return 0;
}
