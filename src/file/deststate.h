/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_DESTSTATE_H
#define MMCP_FILE_DESTSTATE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/hiddenname.h"
#include "engine/ends.h"

/* A destination as plain data, for the files that open and commit it.  */

struct journalfile;

struct dest {
	struct dest_file file;
	bool exists;		/* there is an old file, of status file.st; set by the
				   caller of dest_open, as are the next two */
	bool breaks_links;	/* it may be replaced though it has other names */
	bool follow;		/* it is the target of a symlink */
	int named;		/* the new file, opened by its final name; or -1 */
	bool flushed;		/* the new file was synced before it got its name */
	int dir;		/* the directory of the name: open, or AT_FDCWD */
	bool own_dir;		/* dir is ours to close */
	const char *name;	/* in dir; in the pair's memory, or real_name */
	char real_name[NAME_MAX + 16];	/* of an old file, after all symlinks */
	char hidden[HIDDENNAME_SIZE];	/* the name while DEST_HIDDEN */
	int old;		/* the old file, open, whose owner, mode and attributes
				   the new file is to have; or -1 */
	bool takes_place;	/* the new file takes the old one's name */
	bool supersedes;	/* but not its metadata */
	bool tried;		/* closing was tried, without an error */
	bool streams;		/* received data is kept if the copy fails */
	bool stays;		/* so is a hidden file: another run goes on with it */
	const struct journalfile *journal;	/* of that; or NULL */
};

#define DEST_CLOSED ((struct dest) { .file = DEST_FILE_CLOSED, .named = -1, .dir = -1, \
				     .old = -1 })

/* Open DEST, which has a directory and a name, under a hidden name, and a new file with
   MODE less the umask.  Return 0; or -1 with errno: if that is EBUSY, the file may not be
   made in another way either.  */
typedef int dest_open_hidden(void *context, struct dest *dest, mode_t mode);

/* How a destination is to be opened.  */
struct dest_wish {
	mode_t mode;		/* of a new file: permission bits, before the umask */
	dev_t device;		/* where a new file will be; 0: unknown */
	bool hide;		/* a new file has no name until it is whole, where that
				   is known to be safe */
	bool atomic;		/* the same on any file system; it replaces an old file,
				   and gets its owner, mode and attributes */
	bool supersede;		/* it replaces an old file, and gets nothing of it */
	bool stream;		/* a new file has its name, and an old one is empty,
				   from the beginning; what has come is kept */
	bool waits;		/* the name is free only when the new file is whole */
	bool found;		/* others find a hidden file, by its name */
	bool maps;		/* the file may be mapped: open it for reading, too, if
				   that is possible */
	bool as_cp;		/* treat the file system as one that isn't trusted */
	dest_open_hidden *open_hidden;	/* opens a hidden file instead, if it can; or
					   NULL */
	void *context;		/* what that gets */
	bool keep;		/* don't empty an old file before something is written */
};

#endif
