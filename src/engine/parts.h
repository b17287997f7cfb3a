/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_PARTS_H
#define MMCP_ENGINE_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/policy.h"
#include "engine/sparse.h"
#include "engine/trial.h"

/* The parts of a plan, each for an engine or two: numbers of workers, sizes, and the ways
   that may be tried.  The functions are for plan.c.  */

struct facts;

/* How the workers of an engine share a file.  */
struct workers_plan {
	unsigned count;		/* 0: the engine is not planned for */
	uint64_t chunk;		/* bytes that a worker claims, whole pages */
	bool reserve;		/* blocks are reserved first */
	bool streams;		/* each reads its chunks as a stream of its own */
};

struct mmap_plan {
	struct workers_plan workers;
	struct trial_plan write;	/* worker 0; without ways, it stores, too */
	struct trial_plan store;	/* the others */
	uint64_t window;	/* bytes populated and copied at a time */
	uint64_t read_below;	/* data of fewer bytes is read, and not mapped */
	uint64_t write_below;	/* data of fewer bytes is written by any worker, and has
				   no blocks reserved in a new file */
	bool supply;		/* mappers supply pages, so that none is cleared first */
};

struct direct_plan {
	struct workers_plan workers;
};

struct stream_plan {
	struct workers_plan workers;	/* that have a buffer each; or count is 0 */
	bool by_kernel;		/* they try copy_file_range first */
	struct trial_plan write;	/* data; without ways, by a buffer */
	uint64_t read_below;	/* as in mmap_plan */
};

/* What the parts depend on.  */
struct basis {
	const struct facts *facts;
	const struct plan_policy *policy;
	const struct sparse_plan *sparse;
	bool no_kernel;		/* copy_file_range won't do */
	bool read_write;	/* or isn't the best guess */
};

/* Return the workers of an engine that shares the file among them.  */
struct workers_plan
parts_workers(const struct basis *basis);

/* Return whether several workers that read from a device would want more memory for what
   is read ahead than a container permits; never if the user gave their number.  */
bool
parts_lack_memory(const struct facts *facts, const struct plan_policy *policy);

/* Return the part of the mmap engine where all workers store into the mapping.  */
struct mmap_plan
parts_mmap(const struct basis *basis);

/* Add to MMAP what makes it faster where the engine wasn't named: the first worker
   writes.  */
void
parts_speed_up(struct mmap_plan *mmap, const struct basis *basis);

/* Return the workers that read and write, and hash what they have read; none if one
   process does that better.  */
struct workers_plan
parts_hashing(const struct basis *basis);

/* Return the part of one process that writes, which reads data that MMAP, if it is
   planned, wouldn't map.  FAST: the file is large enough for a choice of ways.  */
struct stream_plan
parts_stream(const struct basis *basis, const struct mmap_plan *mmap, bool fast);

#endif
