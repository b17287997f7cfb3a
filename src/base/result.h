/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_RESULT_H
#define MMCP_BASE_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counts.h"

/* What a copy leaves behind for the report on it, as plain data.  */

/* What became of an old file whose copy failed: the bytes of it that are left and whole,
   or one of these.  */
enum {
	CUT_NONE = -1,		/* it was not cut */
	CUT_MIXED = -2,		/* the rest of the old file can't be cut off */
	CUT_GONE = -3		/* it has been removed */
};

/* What is reported of a copy.  */
struct copied {
	struct counts counts;
	bool in_motion;		/* the source kept changing */
	uint64_t nanoseconds;	/* how long it took, if somebody wants to know */
};

#endif
