/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_PLAN_H
#define MMCP_ENGINE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/reason.h"
#include "engine/engine.h"
#include "engine/parts.h"
#include "engine/policy.h"
#include "engine/sparse.h"

/* The choice of an engine, from what is known of a file.  It asks the kernel nothing and
   changes nothing.  */

struct facts;

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
	bool cold;		/* the source is read from its device */
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

/* Have the one process that can begin anywhere copy what follows the part of an old file
   that is amended.  */
void
plan_amend(struct plan *plan);

/* Return whether PLAN's engine is that of the row ENGINE_x.  */
static inline bool
plan_is(const struct plan *plan, unsigned row)
{
	return plan->engine == &engines[row];
}

#endif
