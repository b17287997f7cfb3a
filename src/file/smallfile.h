/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_SMALLFILE_H
#define MMCP_FILE_SMALLFILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "file/copy.h"

/* A small new file of a tree, in as few steps as that takes: where the way is known,
   nothing stands there, and no close has anything to say.  Whatever is, or turns out to
   be, otherwise is copy.c's.  */

enum { SMALLFILE_HELD = 64 };	/* descriptors, of half as many files: an even number */

struct smallfile {
	const struct copy_policy *policy;
	bool serves;		/* the policy has nothing against it, */
	bool keeps;		/* and more is kept than bytes and mode */
	dev_t device;		/* what was asked about last; 0: none, */
	bool silent;		/* and whether closing a file says nothing there */
	unsigned most;		/* what is copied may stay open, up to so many descriptors; */
	unsigned held;		/* so many are */
	int fds[SMALLFILE_HELD];
};

/* For copies by POLICY; with HOLD, what is copied stays open until there is so much
   that it can be closed by one call.  */
struct smallfile
smallfile_begin(const struct copy_policy *policy, bool hold);

/* As copy_file; or 1 if the file was copied and there is nothing to tell: then OUTCOME
   has nothing.  */
int
smallfile_copy(struct smallfile *smallfile, const struct copy_order *order,
	struct copy_outcome *outcome);

/* Close what is still open.  */
void
smallfile_end(struct smallfile *smallfile);

#endif
