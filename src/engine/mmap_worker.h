/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_MMAP_WORKER_H
#define MMCP_ENGINE_MMAP_WORKER_H

#include <stdbool.h>

#include "engine/chunks.h"
#include "engine/mapping.h"
#include "engine/plan.h"

/* The workers of the engine mmap.  For mmap.c alone.  */

/* A file that is mapped twice; what the workers inherit.  */
struct mapped {
	struct chunks chunks;
	const struct mmap_plan *plan;
	struct mapping_pair map;
	bool beside_holes;	/* the data is written over an old file, beside holes */
};

/* Worker NUMBER, from fork to exit, of MAPPED, a struct mapped: a crew_work.  Return 0;
   or -1, with an error in its slot.  */
int
mmap_worker(void *mapped, unsigned number);

#endif
