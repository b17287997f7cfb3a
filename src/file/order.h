/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_ORDER_H
#define MMCP_FILE_ORDER_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/pathpair.h"

struct held;

/* One file to copy, and what the caller knows of it.  */
struct copy_order {
	struct pathpair pair;
	const struct stat *source;	/* the source's status; NULL: unknown */
	const struct stat *dest;	/* the old file's; NULL: there is none */
	bool follow_dest;		/* dest is the target of a symlink */
	bool dangling;			/* a symlink without target is in the way: an
					   error once the source is open */
	bool backup;			/* the old file gets a backup's name */
	bool remove_destination;	/* remove the old file once the source is
					   open */
	dev_t dest_device;		/* where a new file will be; 0: unknown */
	bool inherits;			/* a new file gets an ACL from its directory */
	bool sync_directory;		/* with --fsync, sync the entry, too */
	bool breaks_links;		/* other names of a replaced file stay */
	off_t same;			/* bytes at the start of both files that were
					   found to be the same */
	struct held *hold;		/* where a simple copy may wait for its name
					   (held.h); NULL: it gets it at once */
	bool links_matter;		/* if the source's status is unknown, don't
					   copy a file with other names */
};

#endif
