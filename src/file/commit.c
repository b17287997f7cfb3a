/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commit.c: the end of a destination: flush it, give it its name and close it; or abandon
   it.  */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/result.h"
#include "base/signals.h"
#include "engine/writeback.h"
#include "file/dest.h"
#include "file/finalname.h"
#include "file/finish.h"
#include "file/realname.h"
#include "file/remove.h"

/* Sync the directory DIR, open by O_PATH, that the open FILE is in.  If it can't be
   opened for reading, or no descriptor is left, sync its file system, by the file.  */
static int
sync_directory(int dir, int file)
{
	const int ret = descriptor_sync_directory(dir, ".");

	return ret < 0 && (errno == EACCES || errno == EMFILE || errno == ENFILE)
		? syncfs(file) : ret;
}

/* Sync the directory that the old file's name is in, wherever symlinks led to it.  */
static int
sync_real_directory(struct dest *dest)
{
	if (realname_find(dest, dest->file.fd) < 0)
		return syncfs(dest->file.fd);
	return sync_directory(dest->dir, dest->file.fd);
}

int
dest_adopt(struct dest *dest, struct error *error)
{
	return dest->old < 0 ? 0 : finish_successor(dest->file.fd, dest->old, error);
}

int
dest_flush(struct dest *dest, bool must, struct error *error)
{
	dest->flushed = true;
	if (writeback_file(dest->file.fd, dest->file.whole) == 0)
		return 0;
	if (signals_fatal() != 0)
		return error_set(error, ERROR_INTERRUPTED, errno);
	/* EINVAL, EROFS: a pipe or a terminal, which has nothing to flush.  */
	if (must ? dest->file.form == DEST_SPECIAL && (errno == EINVAL || errno == EROFS)
	    : !error_is_final(errno))
		return 0;
	return error_set(error, ERROR_FLUSH, errno);
}

/* Close *FD if it is open, and ignore errors.  */
static void
close_quietly(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int
dest_try_close(struct dest *dest, struct error *error)
{
	if (dest->tried)
		return 0;
	int copy = fcntl(dest->file.fd, F_DUPFD_CLOEXEC, 0);
	if (copy < 0 && dest->old >= 0) {	/* no longer needed */
		close_quietly(&dest->old);
		copy = fcntl(dest->file.fd, F_DUPFD_CLOEXEC, 0);
	}
	if (copy < 0)
		return !dest->takes_place || dest->supersedes ? 0
			: error_set(error, ERROR_CLOSE, errno);
	dest->tried = true;
	return close(copy) == 0 ? 0 : error_set(error, ERROR_CLOSE, errno);
}

/* Close a file that has its name; dest_try_close would cost small files two more calls.
   If close fails, a new file is removed.  Return 0, or -1 with an error.  */
static int
close_named(struct dest *dest, struct error *error)
{
	const bool is_new = dest->file.form == DEST_NEW;

	dest->file.form = DEST_NOT_OPEN;
	close_quietly(&dest->file.also);
	const int ret = close(dest->file.fd);
	const int err = errno;
	dest->file.fd = -1;
	if (ret == 0)
		return 0;
	if (is_new)
		remove_closed(dest->dir, dest->name, dest->file.whole);
	return error_set(error, ERROR_CLOSE, err);
}

/* Return whether the file still needs its name.  */
static bool
is_unnamed(const struct dest *dest)
{
	return dest->file.form == DEST_NAMELESS || dest->file.form == DEST_HIDDEN;
}

/* Give a new file its name.  Return 0, or -1 with an error.  */
static int
give_name(struct dest *dest, struct error *error)
{
	const bool replaces = dest->takes_place;

	if (dest_try_close(dest, error) < 0)
		return -1;
	if (finalname_give(dest) < 0)
		return error_set(error, dest->supersedes ? ERROR_REMOVE : replaces
				 ? ERROR_ATOMIC
				 : ERROR_CREATE, errno);
	/* If the copy fails now, a new file can still be removed; an old one that was
	   replaced can't come back, and its successor is whole and stays.  */
	dest->file.form = replaces ? DEST_NOT_OPEN : DEST_NEW;
	return 0;
}

/* Wait for the directory entry.  Return 0, or -1 with errno.  */
static int
sync_entry(struct dest *dest)
{
	if (dest->file.form == DEST_SPECIAL)
		return 0;
	return dest->file.form == DEST_IN_PLACE ? sync_real_directory(dest)
		: sync_directory(dest->dir, dest->file.fd);
}

int
dest_commit(struct dest *dest, bool fsync, struct error *error)
{
	if (is_unnamed(dest) && give_name(dest, error) < 0)
		return -1;
	if (fsync && sync_entry(dest) < 0)
		return error_set(error, ERROR_SYNC_DIRECTORY, errno);
	if (!dest->tried)
		return close_named(dest, error);
	dest->file.form = DEST_NOT_OPEN;
	return 0;
}

/* Close the new file, and remove its name.  In this order: a FUSE file system may have to
   rename what is removed while it is open.  */
static void
close_and_remove(struct dest *dest)
{
	struct stat ours;
	const int known = fstat(dest->file.fd, &ours);

	close(dest->file.fd);
	dest->file.fd = -1;
	if (known == 0 && dest->file.form == DEST_HIDDEN)
		remove_hidden(dest->dir, dest->hidden, &ours);
	else if (known == 0)
		remove_ours(dest->dir, dest->name, &ours);
}

/* Cut an old file to the part that is whole.  Return as dest_close.  */
static off_t
cut_to_whole(const struct dest *dest)
{
	const off_t page = dest->file.huge_page != 0 ? (off_t) dest->file.huge_page : 1;
	const off_t whole = dest->file.whole - dest->file.whole % page;
	struct stat now;

	if (fstat(dest->file.fd, &now) < 0)
		return CUT_MIXED;
	if (now.st_size < whole || now.st_size == 0)
		return CUT_NONE;
	return now.st_size == whole || ftruncate(dest->file.fd, whole) == 0 ? whole
		: CUT_MIXED;
}

int
dest_mark_unfinished(const struct dest *dest, time_t source)
{
	const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
					   { .tv_sec = source > 0 ? 0 : source - 2 } };

	return dest->file.form == DEST_SPECIAL ? 0 : futimens(dest->file.fd, times);
}

/* Keep what a stream has delivered, including a hole at its end.  */
static void
extend_to_whole(const struct dest *dest)
{
	struct stat now;

	if (fstat(dest->file.fd, &now) == 0 && now.st_size < dest->file.whole
	    && ftruncate(dest->file.fd, dest->file.whole) < 0)
		return;		/* the hole is lost */
}

off_t
dest_close(struct dest *dest)
{
	off_t cut = CUT_NONE;

	if (dest->file.form == DEST_NEW && dest->streams) {
		extend_to_whole(dest);
	} else if (dest->file.form == DEST_NEW
		   || (dest->file.form == DEST_HIDDEN && !dest->stays)) {
		close_and_remove(dest);
	} else if (dest->file.form == DEST_IN_PLACE && dest->file.touched) {
		cut = cut_to_whole(dest);
		dest_mark_unfinished(dest, 1);
	}
	close_quietly(&dest->file.also);
	close_quietly(&dest->file.fd);
	close_quietly(&dest->named);
	close_quietly(&dest->old);
	if (dest->own_dir)
		close(dest->dir);
	*dest = DEST_CLOSED;
	return cut;
}
