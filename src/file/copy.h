/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_COPY_H
#define MMCP_FILE_COPY_H

#include "file/order.h"
#include "file/outcome.h"
#include "file/policy.h"
#include "file/source.h"

/* Copy the content of one file, and what it has besides.  */

/* Copy a regular file, pipe or device from open to its final name.  Return 0, or -1 with
   the error of OUTCOME: then a new file is removed, unless it holds what a pipe or device
   delivered; an old file is unchanged, cut to the part that is whole, or, if it was to
   go, gone.  If OUTCOME says that the copy is held, its last steps are held_commit's.
   If the order doesn't know the source's status, the error may be
   ERROR_GIVEN_BACK: it is a file that can be copied only by an order that does, and
   nothing has changed.  */
int
copy_file(const struct copy_policy *policy, const struct copy_order *order,
	struct copy_outcome *outcome);

/* A new file that was created under its final name, for a copy that could not be
   completed in one step.  */
struct copy_begun {
	int fd;			/* open for writing; -1: not created */
	int err;		/* errno of a copy_file_range of the whole source; 0: it
				   moved less, or was not tried */
};

#define COPY_NOT_BEGUN ((struct copy_begun) { .fd = -1 })

/* As copy_file, for a SOURCE that is open; this closes it and what was BEGUN.  */
int
copy_opened(const struct copy_policy *policy, const struct copy_order *order,
	struct source *source, struct copy_begun begun, struct copy_outcome *outcome);

#endif
