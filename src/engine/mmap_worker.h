/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_MMAP_WORKER_H
#define MMCP_ENGINE_MMAP_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/counts.h"
#include "base/error.h"
#include "engine/direct.h"
#include "engine/ends.h"
#include "engine/mapping.h"
#include "engine/plan.h"

/* One of mapcopy's workers, and what it shares with the parent.  For mmap.c alone.  */

enum { CACHE_LINE = 64 };

/* A worker's word to the parent.  [at, end) is claimed and not yet in place.  */
struct slot {
	_Alignas(CACHE_LINE) _Atomic uint64_t at;
	_Atomic uint64_t end;
	struct counts counts;		/* what it did */
	struct error error;
};

struct share {
	_Alignas(CACHE_LINE) _Atomic uint64_t cursor;	/* the next chunk begins here */
	_Atomic uint64_t source_end;	/* where reading found it, if that was before its size */
	struct slot slots[];
};

/* What the workers inherit.  */
struct mmap_job {
	const struct plan *plan;
	int source;
	struct dest_file *dest;
	uint64_t size;
	struct mapping_pair map;
	bool beside_holes;	/* what is written over an old file */
	struct direct direct;
	struct share *share;
};

/* Claim chunks of JOB, a struct mmap_job, and copy them until there are none left:
   worker NUMBER's way from fork to exit.  0; or -1, with an error in its slot.  */
int
mmap_worker(void *job, unsigned number);

#endif
