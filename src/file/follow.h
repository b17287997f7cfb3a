/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_FOLLOW_H
#define MMCP_FILE_FOLLOW_H

#include <stdbool.h>

#include "base/error.h"
#include "base/counts.h"
#include "engine/plan.h"
#include "file/dest.h"
#include "file/source.h"

/* Follow a source that changes while it is copied, until the copy is of one moment.  */

struct followed {
	unsigned rounds;	/* 0: the source did not change */
	bool in_motion;		/* it kept changing: the copy may be a mixture */
};

/* Look at SOURCE once more, of which DEST is a copy; if its size, mtime or ctime moved,
   compare them and copy again what differs, in up to three rounds, with holes as PLAN
   has them.  Then source->st is from before the last round, and the copy takes its
   times.  Bytes that were appended are added to TALLY.  0, and FOLLOWED is set; or -1
   with an error.  */
int
follow_source(const struct plan_policy *policy, const struct plan *plan,
	struct source *source,
	struct dest *dest, struct counts *counts, struct followed *followed,
	struct error *error);

#endif
