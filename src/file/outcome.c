/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outcome.c: what a copy has counted.  */
#include "config.h"

#include "file/outcome.h"

#include "base/totals.h"
#include "engine/extent.h"

void
outcome_clear(struct copy_outcome *outcome)
{
	error_set(&outcome->error, ERROR_NO_STEP, 0);
	outcome->cut = CUT_NONE;
	outcome->rounded = -1;
	outcome->removed = outcome->undone = outcome->sparse = false;
	outcome->backup[0] = '\0';
	outcome->remarks.count = 0;
	outcome->remarks.failed = false;
	counts_clear(&outcome->copied.counts);
	outcome->copied.in_motion = false;
	outcome->plan = (struct plan) { .engine = &engines[ENGINE_STREAM] };
}

uint64_t
outcome_expect(const struct copy_policy *policy, const struct stat *st)
{
	if (!S_ISREG(st->st_mode) || policy->attributes_only)
		return 0;
	return policy->plan.sparse != SPARSE_NEVER && extent_lacks_blocks(st)
		? (uint64_t) st->st_blocks * 512 : (uint64_t) st->st_size;
}

/* Return the bytes of COUNTS that are in the copy.  */
static uint64_t
bytes_there(const struct counts *counts)
{
	return counts_moved(counts) + counts_get(counts, COUNT_CLONED);
}

void
outcome_restart(struct copy_outcome *outcome)
{
	struct counts *const counts = &outcome->copied.counts;

	error_set(&outcome->error, ERROR_NO_STEP, 0);
	outcome->remarks.count = 0;
	outcome->remarks.failed = false;
	totals_add(COUNT_MOVED, -bytes_there(counts));
	counts_clear(counts);
}

/* Complete COUNTS of a copy of SOURCE.  Bytes that neither moved nor were cloned are
   holes.  */
static void
complete(const struct copy_policy *policy, const struct source *source,
	struct counts *counts)
{
	const bool sized = S_ISREG(source->st.st_mode) && source->st.st_size > 0
		&& !policy->attributes_only;
	const uint64_t there = bytes_there(counts);
	const uint64_t size = sized ? (uint64_t) source->st.st_size : there;

	counts_set(counts, COUNT_REGULAR, 1);
	counts_set(counts, COUNT_BYTES, size);
	counts_set(counts, COUNT_HOLES, size > there ? size - there : 0);
}

void
outcome_count(const struct copy_policy *policy, struct copy_outcome *outcome, int ret,
	const struct source *source, uint64_t expected)
{
	struct counts *const counts = &outcome->copied.counts;

	totals_add(COUNT_OPENED, source->fd < 0);	/* else it was added before */
	totals_add(COUNT_EXPECTED, bytes_there(counts) - expected);
	if (ret == 0) {
		complete(policy, source, counts);
		totals_add_file(counts);
	} else {
		totals_add(COUNT_FOLLOWED, counts_get(counts, COUNT_FOLLOWED));
		totals_add(COUNT_ROUNDS, counts_get(counts, COUNT_ROUNDS));
	}
}
