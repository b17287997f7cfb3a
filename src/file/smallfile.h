/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_SMALLFILE_H
#define MMCP_FILE_SMALLFILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "file/copy.h"

/* A small new file of a tree, in as few steps as possible: the engine is known, its name
   is free, and close never fails.  Any other file is copied by copy.c.  */

enum { SMALLFILE_HELD = 64 };	/* descriptors of half as many files: an even number */

struct smallfile {
	const struct copy_policy *policy;
	bool usable;		/* the policy permits the short path */
	bool finishes;		/* more is kept than bytes and mode */
	dev_t device;		/* of the last new file; 0: none yet */
	bool silent;		/* close never fails on that device */
	unsigned most;		/* descriptors that may stay open */
	unsigned held;		/* descriptors in fds, to be closed */
	int fds[SMALLFILE_HELD];
};

/* Prepare for copies by POLICY.  With HOLD, the files stay open until so many are that
   one call can close them.  */
struct smallfile
smallfile_begin(const struct copy_policy *policy, bool hold);

/* Return as copy_file; or 1 if the file was copied and there is nothing to report: then
   OUTCOME isn't set.  */
int
smallfile_copy(struct smallfile *smallfile, const struct copy_order *order,
	struct copy_outcome *outcome);

/* Close the files that are still open.  */
void
smallfile_end(struct smallfile *smallfile);

#endif
