/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_PLAN_H
#define MMCP_ENGINE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/reason.h"
#include "engine/engine.h"
#include "engine/policy.h"
#include "engine/sparse.h"

/* The choice of an engine, from what is known of a file.  It asks the kernel nothing and
   changes nothing.  */

struct facts;

/* How the workers of an engine share a file.  */
struct workers_plan {
	unsigned count;		/* 0: the engine is not planned for */
	uint64_t chunk;		/* bytes that a worker claims, whole pages */
	bool reserve;		/* blocks are reserved first */
};

/* What worker 0 of the mmap engine does.  */
enum writer {
	WRITER_NONE,		/* it maps, as the others do */
	WRITER_KERNEL,		/* it has the kernel copy its chunks */
	WRITER_READ_WRITE	/* it writes them, read or mapped */
};

struct mmap_plan {
	struct workers_plan workers;
	enum writer writer;
	uint64_t window;	/* bytes populated and copied at a time */
	uint64_t read_below;	/* data of fewer bytes is read, and not mapped */
	uint64_t write_below;	/* data of fewer bytes is written by any worker, and has
				   no blocks reserved in a new file */
	bool from_mapping;	/* the source's mapping is written, not a buffer */
	bool huge;		/* page faults bring in huge folios: facts.h */
	bool supply;		/* mappers supply pages, so that none is cleared first */
};

struct direct_plan {
	struct workers_plan workers;
};

struct stream_plan {
	uint64_t read_below;	/* as in mmap_plan */
	bool from_mapping;
};

struct reflink_plan {
	bool must;		/* what can't be shared is not copied at all */
};

/* What is tried next or, after the copy, what was done.  Each engine has a part of its
   own and reads no other; the part of one that was refused is cleared.  */
struct plan {
	const struct engine *engine;
	unsigned next;		/* a bit for each engine that may be tried after it */
	bool exact;		/* named by the user: no other will do */
	bool empty;		/* the named engine could copy only an empty file */
	enum reason impossible;	/* why the one that was named can't serve */
	enum reason why;	/* why it isn't a faster engine */
	int why_err;		/* the errno that goes with it, or 0 */
	bool no_kernel;		/* copy_file_range would share blocks, or keep holes */
	bool clone_refused;	/* a clone was tried and refused */
	bool kernel_refused;	/* so was copy_file_range */

	struct sparse_plan sparse;
	bool cold;		/* have the source read ahead */
	bool nocache;

	struct reflink_plan reflink;
	struct direct_plan direct;
	struct mmap_plan mmap;
	struct stream_plan stream;
};

/* The plan for a file.  FACTS must be true only for what is opened.  */
struct plan
plan_choose(const struct facts *facts, const struct plan_policy *policy);

/* Let the next engine follow PLAN's, which was refused with ERR (an errno, or 0).  WHY is
   what --debug prints about that.  The last one is stream, which serves everything.  */
void
plan_fall_back(struct plan *plan, enum reason why, int err);

/* Return whether PLAN's engine is that of the row ENGINE_x.  */
static inline bool
plan_is(const struct plan *plan, unsigned row)
{
	return plan->engine == &engines[row];
}

#endif
