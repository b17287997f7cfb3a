/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_COPY_H
#define MMCP_FILE_COPY_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/result.h"
#include "engine/plan.h"
#include "file/backup.h"
#include "file/dest.h"
#include "base/pathpair.h"
#include "file/metadata.h"
#include "file/source.h"

/* The content of one file, and what goes with it.  Nothing here speaks, because it is
   done by workers too: what is to be told comes back.  */

struct copy_policy {
	struct dest_policy dest;
	struct plan_policy plan;
	struct metadata_policy meta;
	struct backup_policy backup;
	bool attributes_only;	/* the attributes only */
	bool json;		/* somebody wants to hear of each file that was copied */
};

/* One file to copy, and what is known of it.  */
struct copy_order {
	struct pathpair pair;
	const struct stat *source;	/* what was looked at; NULL: nobody has looked */
	const struct stat *dest;	/* what stands there and is written over; or NULL */
	bool follow_dest;		/* which is what a symlink there leads to */
	bool dangling;			/* and leads nowhere: an error when the source is open */
	bool backup;			/* what stands there is kept under another name */
	bool remove_destination;	/* and which goes when the source is open */
	dev_t dest_device;		/* where a new file will be; 0: not known */
	bool inherits;			/* a new file gets an ACL from its directory */
	bool sync_directory;		/* with --fsync, wait for the directory entry too */
	bool breaks_links;		/* what is replaced may have other names, which stay */
	bool links_matter;		/* without a look: give back what has other names */
};

/* What became of it.  */
struct copy_outcome {
	struct error error;		/* of a copy that failed */
	off_t cut;			/* bytes left of an old file, or CUT_NONE ... */
	off_t rounded;			/* its size is in whole huge pages: so many bytes; or -1 */
	bool removed;			/* what stood there is gone */
	char backup[NAME_MAX + 1];	/* what it is called now; "" if it wasn't renamed */
	bool undone;			/* and it has its name again, because the copy failed */
	int undo_err;			/* or why it hasn't */
	struct copied copied;
	struct shares shares;		/* as many as counts has workers */
	bool sparse;			/* the source has fewer blocks than bytes for them */
	struct remarks remarks;		/* what the copy could not keep */
	struct plan plan;
};

/* The bytes of a file ST that are to move or to be cloned, as far as that can be known
   before it is copied.  */
uint64_t
copy_expects(const struct copy_policy *policy, const struct stat *st);

/* Copy a regular file, pipe or device from open to its final name.  0; or -1 with
   OUTCOME's error: then a new file is removed, unless it holds what a pipe or device
   delivered; an existing one is unchanged, cut to its whole part, or, if it was to go,
   gone.  The error is ERROR_GIVEN_BACK where nobody has looked, and it turned out to be
   nothing for a copy without a look; then nothing has changed.  */
int
copy_file(const struct copy_policy *policy, const struct copy_order *order,
	struct copy_outcome *outcome);

/* A new file that is made already.  */
struct copy_made {
	int fd;			/* open for writing; -1: not created */
	int err;		/* the errno of a copy_file_range of all that the source has; 0: it
				   had none, or nobody tried */
};

#define COPY_NOT_MADE ((struct copy_made) { .fd = -1 })

/* The same of a SOURCE that is open, which this closes.  */
int
copy_opened(const struct copy_policy *policy, const struct copy_order *order,
	struct source *source, struct copy_made made, struct copy_outcome *outcome);

/* Have OUTCOME say that all went well, and of nothing.  */
void
copy_clear(struct copy_outcome *outcome);

#endif
