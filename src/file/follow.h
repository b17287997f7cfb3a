/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_FOLLOW_H
#define MMCP_FILE_FOLLOW_H

#include <stdbool.h>

#include "base/counts.h"
#include "base/error.h"
#include "engine/plan.h"
#include "file/dest.h"
#include "file/source.h"

/* Follow a source that changes while it is copied, until the copy is of one moment.  */

struct followed {
	unsigned rounds;	/* 0: the source did not change */
	bool in_motion;		/* it kept changing, and the copy may be a mixture */
};

/* If size, mtime or ctime of SOURCE have changed since source->st, compare it with its
   copy DEST, and copy again what differs, in up to three rounds; holes as PLAN has them.
   Bytes that are appended are added to COUNTS.  Return 0, and set *FOLLOWED, and
   source->st to the status before the last round, whose times the copy gets; or -1 with
   an error.  */
int
follow_source(const struct plan_policy *policy, const struct plan *plan,
	struct source *source, struct dest *dest, struct counts *counts,
	struct followed *followed, struct error *error);

#endif
