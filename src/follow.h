/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FOLLOW_H
#define MMCP_FOLLOW_H

#include <stdbool.h>

#include "dest.h"
#include "fault.h"
#include "plan.h"
#include "source.h"
#include "tally.h"

/* A source that somebody changes while it is copied: its copy is made what it was at one
   moment.  */

struct followed {
	unsigned rounds;	/* 0: it held still */
	bool in_motion;		/* and it never did: the copy may be a mixture */
};

/* Look at SOURCE once more, of which DEST is a copy; if its size, mtime or ctime moved, compare
   them and copy again what differs, in up to three rounds.  Then source->st is the look before
   the last round, whose times the copy is to keep.  Bytes that were appended are added to
   tally->copied.  0, with what was found in FOLLOWED; or -1 with a fault.  */
int
follow_source(const struct plan_policy *policy, struct source *source, struct dest *dest,
	struct tally *tally, struct followed *followed, struct fault *fault);

#endif
