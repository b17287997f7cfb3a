/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_DEST_H
#define MMCP_FILE_DEST_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/hiddenname.h"
#include "base/pathpair.h"
#include "engine/ends.h"

/* The life of a destination.  Whoever looked at its name fills in whether it exists and
   as what; it is then opened in one of the forms below,
   written by a method, and committed; whatever was not committed is abandoned when it
   is closed, and then a new name doesn't exist and an old file holds no more than the
   part that is whole.  */

struct dest_policy {
	bool force;		/* remove what can't be opened, and try again */
	bool atomic;		/* replace what exists only by what is whole */
	bool through_dangling;	/* make what a symlink leads to that leads nowhere */
	bool fsync;		/* data, metadata and directory entry on the device */
};

struct dest {
	struct dest_file file;
	bool exists;		/* something stands there, and file.st is what it is: the caller's */
	bool breaks_links;	/* it may be replaced though it has other names */
	bool follow;		/* and it is the symlink's target that is meant */
	int named;		/* a new file, by the name that it was given; or -1 */
	bool flushed;		/* it was to be on the device before it has a name */
	int dir;		/* where the name is: an open directory or AT_FDCWD */
	bool own_dir;		/* we opened dir */
	const char *name;	/* last component, in the pair's memory or below */
	char real_name[NAME_MAX + 16];	/* of an existing file, after all symlinks */
	char hidden[HIDDENNAME_SIZE];	/* name while DEST_HIDDEN */
	int old;		/* what a new file will replace and take after, open; or -1 */
	bool takes_place;	/* a new file will take the name of what file.st is */
	bool supersedes;	/* and inherits nothing of it, as if that had been removed */
	bool tried;		/* to close; nothing went wrong */
	bool streams;		/* keep what has come, whatever fails later */
};

#define DEST_CLOSED ((struct dest) { .file = DEST_FILE_CLOSED, .named = -1, .dir = -1, \
				     .old = -1 })

/* Remove what stands under PAIR's destination name.  0, or -1 with an error.  */
int
dest_remove(struct dest *dest, const struct pathpair *pair, struct error *error);

/* Take over FD, a new file that was made, and is empty, under PAIR's destination name, a
   single component.  */
void
dest_take(struct dest *dest, const struct pathpair *pair, int fd, dev_t device);

/* Get the error of closing a new file before it has its name, while the copy can still be
   undone.  Without a free descriptor for that, dest_commit gets the error after giving
   the name; but a file that takes an old one's place fails here, unless it supersedes
   that.  Return 0, or -1 with an error.  */
int
dest_try_close(struct dest *dest, struct error *error);

/* How a destination is opened.  */
struct dest_wish {
	mode_t mode;		/* of a new file: its permission bits, less the umask */
	dev_t device;		/* where a new one will be; 0: not known */
	bool hide;		/* a new one has no name until it is whole, where that is known to be safe */
	bool atomic;		/* and on any file system; it replaces what exists and inherits
				   its owner and attributes */
	bool supersede;		/* or it replaces what exists and inherits nothing */
	bool stream;		/* a reader may follow it: it is named and empty from the beginning,
				   and keeps what has come */
	bool waits;		/* its name is free only when it is whole */
	bool maps;		/* it may be mapped, and is to be readable where that can be had */
	bool as_cp;		/* all as on a file system that isn't trusted */
	bool keep;		/* what an old file has, until something is written */
};

/* Whether a new file for PAIR, on DEVICE (0: not known), may be made without its name
   and get it when it is whole; false where the file system is not trusted with that, or
   the kernel makes the name a part of the label.  */
bool
dest_may_hide(const struct pathpair *pair, dev_t device);

/* Open what exists, to be written in place, or a new file, as WISH says.
   0, or -1 with an error, whose step is ERROR_CREATE where what exists can't be opened,
   and ERROR_DANGLING where a symlink is in the way of a new file.  */
int
dest_open(struct dest *dest, const struct pathpair *pair, const struct dest_wish *wish,
	struct error *error);

/* Empty an existing file, which is open.  Return 0, or -1 with errno.  */
int
dest_empty(struct dest *dest);

/* Create what the symlink that PAIR's destination is leads to, though it may be made by
   somebody else at that moment: POSIX wants it.  As dest_open.  */
int
dest_open_through(struct dest *dest, const struct pathpair *pair, mode_t mode,
	struct error *error);

/* Open the directory in which FD, a file that is open, really is, and find its name
   there, wherever symlinks led to it.  0, or -1 with errno.  */
int
dest_find_name(struct dest *dest, int fd);

/* Return whether DEST, which is open, existed before.  */
bool
dest_is_old(const struct dest *dest);

/* Give a new file what it is to keep of the old one that it replaces.  0, or -1 with a
   error.  */
int
dest_adopt(struct dest *dest, struct error *error);

/* Wait until data and metadata are on the device.  0, also if
   the file system can't sync and it need not (MUST); or -1 with an error.  */
int
dest_flush(struct dest *dest, bool must, struct error *error);

/* Give a new file its name, get the last errors of the descriptor, close it; with FSYNC,
   wait for the directory entry.  Watchers of the directory receive the event that it was
   closed after everything else (finalname.h).  Return 0, or -1 with an error.  */
int
dest_commit(struct dest *dest, bool fsync, struct error *error);

/* Close, and abandon what was not committed.  The bytes that an existing file has after
   that, file.whole or, in huge pages, less; -1 if it has none, or was not touched;
   CUT_MIXED (base/result.h) if what was there follows them, since it can't be cut.  */
off_t
dest_close(struct dest *dest);

#endif
