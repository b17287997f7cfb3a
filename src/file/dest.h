/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_DEST_H
#define MMCP_FILE_DEST_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/pathpair.h"
#include "file/deststate.h"

/* The life of a destination (ends.h).  It is opened in one of the forms of dest_form,
   written by an engine, and committed.  If it is closed without being committed, a new
   file is removed, and an old one is cut to the part that is whole.  dest.c opens it,
   commit.c has the end.  */

struct dest_policy {
	bool force;		/* remove an old file that can't be opened; try again */
	bool atomic;		/* replace an old file only by a whole one */
	bool through_dangling;	/* make the target of a symlink that has none */
	bool resume;		/* go on where another run was interrupted; what has its
				   name is on the device */
	bool fsync;		/* have data, metadata and entry on the device */
};

/* Open the old file, to be overwritten, or a new one, as WISH says.  Return 0, or -1 with
   an error, whose step is ERROR_CREATE if an old file can't be opened, and ERROR_DANGLING
   if a symlink is in the way of a new one.  */
int
dest_open(struct dest *dest, const struct pathpair *pair, const struct dest_wish *wish,
	struct error *error);

/* Create the target of the symlink that PAIR's destination is, with MODE less the
   umask.  Another process may create it at that moment, as POSIX requires.  Return as
   dest_open.  */
int
dest_open_through(struct dest *dest, const struct pathpair *pair, mode_t mode,
	struct error *error);

/* Take over FD, an empty new file that was made under PAIR's destination name, a single
   component.  */
void
dest_take(struct dest *dest, const struct pathpair *pair, int fd, dev_t device);

/* Remove the old file of PAIR.  Return 0, or -1 with an error.  */
int
dest_remove(struct dest *dest, const struct pathpair *pair, struct error *error);

/* Return whether a new file for PAIR, on DEVICE (0: unknown), may get its name when it is
   whole: not on a file system that isn't trusted, nor where the kernel labels a file by
   its name.  */
bool
dest_may_hide(const struct pathpair *pair, dev_t device);

/* Return whether DEST, which is open, existed before.  */
bool
dest_is_old(const struct dest *dest);

/* Return DEST's file, opened once more with FLAGS, for the caller to close; or -1 with
   errno.  */
int
dest_open_again(const struct dest *dest, int flags);

/* Return a readable descriptor of DEST, which is open: its own, or one that the caller
   closes; -1 if it can't be read.  */
int
dest_open_reader(const struct dest *dest);

/* ---- the end ---- */

/* Give a new file the owner, mode and attributes of the old one that it replaces, if
   any.  Return 0, or -1 with an error.  */
int
dest_adopt(struct dest *dest, struct error *error);

/* Wait until data and metadata are on the device.  Return 0, also if the file system
   can't sync and it need not (MUST); or -1 with an error.  */
int
dest_flush(struct dest *dest, bool must, struct error *error);

/* Get the error of closing a new file before it has its name, while the copy can still be
   undone.  Without a free descriptor for that, dest_commit gets the error after giving
   the name; but a file that takes an old one's place fails here, unless it supersedes
   that.  Return 0, or -1 with an error.  */
int
dest_try_close(struct dest *dest, struct error *error);

/* Give a file that isn't whole the time 1970-01-01, or one before that of its SOURCE
   (seconds since then) if that isn't later, so that a copy of what is newer takes it up
   again.  Return 0; or -1 with errno, as for another user's file.  */
int
dest_mark_unfinished(const struct dest *dest, time_t source);

/* Give a new file its name, and close it; with FSYNC, wait for the directory entry.
   Watchers of the directory receive the event that it was closed after everything else
   (finalname.h).  Return 0, or -1 with an error.  */
int
dest_commit(struct dest *dest, bool fsync, struct error *error);

/* Close, and abandon what was not committed.  Return the bytes that an old file has after
   that, file.whole or, in huge pages, less; CUT_NONE if it has none, or was not touched;
   CUT_MIXED (base/result.h) if the rest of the old content can't be cut off.  */
off_t
dest_close(struct dest *dest);

#endif
