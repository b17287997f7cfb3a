/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_SPARSE_H
#define MMCP_ENGINE_SPARSE_H

#include <stdbool.h>

#include "engine/policy.h"

/* What --sparse means for one file.  It is decided here, once, and obeyed by all
   engines.  */

struct facts;

/* How a hole that SEEK_DATA finds is copied.  */
enum holes {
	HOLES_KEPT,		/* as a hole */
	HOLES_FILLED,		/* as zeros that have blocks, but are not written */
	HOLES_READ		/* as data: holes are not looked for */
};

struct sparse_plan {
	enum holes holes;
	bool zeros;		/* blocks of zeros become holes, and are looked for */
	bool expected;		/* the copy will have holes */
	bool filled;		/* the source has holes, and the copy none */
	bool by_clone;		/* a clone has the holes that are wanted */
	bool by_kernel;		/* so has a copy made by copy_file_range */
};

/* Decide for a file with FACTS, for which WANTED was asked.  */
struct sparse_plan
sparse_decide(enum sparse wanted, const struct facts *facts);

#endif
