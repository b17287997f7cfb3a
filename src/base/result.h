/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_RESULT_H
#define MMCP_BASE_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counts.h"
#include "base/reason.h"

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
	const char *engine;	/* its name, in static storage; NULL: unknown */
	uint64_t nanoseconds;	/* how long it took, if the policy wants it */
};

/* Whether the copy used what cp's --debug reports.  */
enum used {
	USED_UNKNOWN, USED_NO, USED_YES, USED_AVOIDED, USED_UNSUPPORTED, USED_VALUES
};

/* How a copy was compared with its source.  */
enum verified {
	VERIFIED_NOT,
	VERIFIED_SHARED,	/* it shares the source's blocks */
	VERIFIED_DIRECT,	/* read by O_DIRECT */
	VERIFIED_DROPPED,	/* read after its pages had been dropped from memory */
	VERIFIED_CACHED,	/* read as any file is */
	VERIFIED_WAYS
};

/* How a copy came about, for --debug.  */
struct explanation {
	enum used offload;	/* copy_file_range */
	enum used reflink;
	bool moved;		/* bytes were to move; then these are known: */
	bool holes_sought;	/* by SEEK_HOLE */
	bool zeros_sought;

	/* A copy that succeeded.  */
	const char *engine;	/* its word, in static storage; NULL: the copy failed */
	uint64_t chunk_size;	/* bytes that a worker claims; 0: one process copied */
	bool past_cache;	/* the engine is direct */
	enum reason why;	/* why it was not a faster engine; or REASON_NONE */
	int why_err;		/* the errno that goes with why, or 0 */
	enum verified verified;
	bool hashed;		/* by hashes of what was read while it was copied */
};

#endif
