/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_POLICY_H
#define MMCP_ENGINE_POLICY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "engine/engine.h"

/* The options that decide how bytes move, and the file sizes from which they matter.  */

enum sparse {
	SPARSE_AUTO,		/* holes are kept */
	SPARSE_ALWAYS,		/* holes are kept, and zeros become holes */
	SPARSE_NEVER,		/* the copy has no holes */
	SPARSES
};

/* May the copy share blocks with its source?  */
enum reflink { REFLINK_AUTO, REFLINK_ALWAYS, REFLINK_NEVER, REFLINKS };

/* How is a copy read again, to be compared with its source?  */
enum verify {
	VERIFY_NEVER,
	VERIFY_READ,		/* as any file is */
	VERIFY_DEVICE,		/* from its device */
	VERIFIES
};

struct plan_policy {
	const struct engine *engine;	/* the one that was named; NULL: auto */
	enum sparse sparse;
	enum reflink reflink;
	bool direct;		/* past the page cache, where that is possible */
	bool nocache;		/* leave memory as it was */
	enum verify verify;
	bool journal;		/* of this file, blocks are hashed and marked */
	bool alone;		/* there is no other file to copy meanwhile */
	unsigned jobs;		/* 0: as many as there are processors to use */
	uint64_t chunk_size;	/* bytes; 0: our choice */
};

/* Return whether POLICY names the engine of the row ENGINE_x.  */
static inline bool
policy_names(const struct plan_policy *policy, unsigned row)
{
	return policy->engine == &engines[row];
}

/* Return whether POLICY names an engine that may be refused, or asks for nothing but a
   clone: an old file keeps its content until something is written.  */
bool
policy_may_refuse(const struct plan_policy *policy);

/* Return whether a new file of SIZE bytes is kept without a name until it is whole.  */
bool
policy_hides(bool source_regular, off_t size, const struct plan_policy *policy);

/* Return whether a file of SIZE bytes is worth several workers, if there are any.  */
bool
policy_is_large(off_t size, const struct plan_policy *policy);

/* Return whether the choice of an engine depends on how a file of SIZE bytes is best
   written.  */
bool
policy_wants_speed(off_t size);

/* Return whether it depends on the number of processors.  */
bool
policy_wants_cpus(off_t size, const struct plan_policy *policy);

#endif
