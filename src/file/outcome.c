/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outcome.c: what a copy has counted, and how it came about.  */
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
	outcome->held = outcome->removed = outcome->undone = outcome->sparse = false;
	outcome->backup[0] = '\0';
	outcome->missing = NULL;
	outcome->remarks.count = 0;
	outcome->remarks.failed = false;
	outcome->missed = 0;
	outcome->verified = VERIFIED_NOT;
	outcome->hashed = false;
	counts_clear(&outcome->copied.counts);
	outcome->shares = (struct shares) { .moved = { 0 } };
	outcome->copied.in_motion = false;
	outcome->copied.engine = NULL;
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

void
outcome_restart(struct copy_outcome *outcome)
{
	struct counts *const counts = &outcome->copied.counts;

	error_set(&outcome->error, ERROR_NO_STEP, 0);
	outcome->remarks.count = 0;
	outcome->remarks.failed = false;
	totals_add(COUNT_MOVED, -counts_copied(counts));
	totals_add(COUNT_EXPECTED, counts_get(counts, COUNT_RESUMED));
	totals_add(COUNT_AMENDED, counts_get(counts, COUNT_RESUMED));
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
	const uint64_t there = counts_there(counts);
	const uint64_t size = sized ? (uint64_t) source->st.st_size : there;

	counts_set(counts, COUNT_REGULAR, 1);
	counts_set(counts, COUNT_BYTES, size);
	counts_set(counts, COUNT_HOLES, size > there ? size - there : 0);
}

void
outcome_count_held(const struct copy_outcome *outcome, int ret)
{
	const struct counts *const counts = &outcome->copied.counts;

	if (ret == 0) {
		totals_add_file(counts);
		return;
	}
	totals_add(COUNT_FOLLOWED, counts_get(counts, COUNT_FOLLOWED));
	totals_add(COUNT_ROUNDS, counts_get(counts, COUNT_ROUNDS));
}

/* The copy failed of which EXPECTED bytes are in the totals.  Nothing of it is there, and
   all of it still belongs to what was to be copied.  */
static void
count_missed(struct copy_outcome *outcome, uint64_t expected)
{
	const struct counts *const counts = &outcome->copied.counts;
	const uint64_t resumed = counts_get(counts, COUNT_RESUMED);
	const uint64_t copied = counts_copied(counts);

	outcome->missed = expected > resumed ? expected - resumed : 0;
	totals_add(COUNT_MISSED, outcome->missed);
	totals_add(COUNT_MOVED, -copied);
	totals_add(COUNT_EXPECTED, -copied);
	totals_add(COUNT_AMENDED, -copied);
}

void
outcome_count(const struct copy_policy *policy, struct copy_outcome *outcome, int ret,
	const struct source *source, uint64_t expected)
{
	struct counts *const counts = &outcome->copied.counts;

	totals_add(COUNT_OPENED, source->fd < 0);	/* else it was added before */
	if (ret == 0)
		complete(policy, source, counts);
	else
		count_missed(outcome, expected);
	totals_add(COUNT_EXPECTED, counts_there(counts) - expected);
	totals_add(COUNT_AMENDED, counts_there(counts) - expected);
	if (!outcome->held)
		outcome_count_held(outcome, ret);
}

void
outcome_count_back(const struct copy_outcome *outcome)
{
	totals_add(COUNT_MISSED, -outcome->missed);
}

/* ---- for --debug ---- */

/* Return whether a clone was made of what OUTCOME tells; CLONED: it is the whole copy,
   MOVED: it isn't.  */
static enum used
reflink_used(const struct copy_policy *policy, const struct copy_outcome *outcome,
	bool cloned, bool moved)
{
	const struct error *const error = &outcome->error;

	if (policy->plan.reflink == REFLINK_NEVER || policy->plan.sparse == SPARSE_NEVER)
		return USED_NO;
	if (cloned)
		return USED_YES;
	return moved || (error->step == ERROR_CLONE && !error_is_final(error->err))
		? USED_UNSUPPORTED : USED_UNKNOWN;
}

/* Return whether copy_file_range moved bytes of a copy by PLAN.  */
static enum used
offload_used(const struct plan *plan, const struct counts *counts)
{
	if (plan->kernel_refused)
		return USED_UNSUPPORTED;
	if (counts_get(counts, COUNT_KERNEL) > 0)
		return USED_YES;
	return plan->no_kernel || counts_moved(counts) > 0 ? USED_AVOIDED : USED_UNKNOWN;
}

/* Return the engine that PLAN came to.  */
static const struct engine *
engine_taken(const struct plan *plan, const struct shares *shares)
{
	const bool by_kernel = plan_is(plan, ENGINE_STREAM)
		&& way_was_tried(&shares->first) && shares->first.chosen == WAY_KERNEL;

	return by_kernel ? &engines[ENGINE_KERNEL] : plan->engine;
}

void
outcome_note_engine(struct copy_outcome *outcome)
{
	outcome->copied.engine = engine_taken(&outcome->plan, &outcome->shares)->name;
}

/* Set EXPLANATION to what PLAN's engine did.  */
static void
explain_engine(const struct plan *plan, const struct shares *shares,
	struct explanation *explanation)
{
	explanation->engine = engine_taken(plan, shares)->word;
	explanation->past_cache = plan_is(plan, ENGINE_DIRECT);
	if (plan_is(plan, ENGINE_MMAP))
		explanation->chunk_size = plan->mmap.workers.chunk;
	else if (plan_is(plan, ENGINE_STREAM) && plan->stream.workers.count > 1)
		explanation->chunk_size = plan->stream.workers.chunk;
	else if (explanation->past_cache)
		explanation->chunk_size = plan->direct.workers.chunk;
	if (!plan_is(plan, ENGINE_REFLINK)) {	/* nothing is faster than a clone */
		explanation->why = plan->why;
		explanation->why_err = plan->why_err;
	}
}

bool
outcome_explain(const struct copy_policy *policy, int ret,
	const struct copy_outcome *outcome, struct explanation *explanation)
{
	const struct plan *const plan = &outcome->plan;
	const struct counts *const counts = &outcome->copied.counts;
	const enum error_step step = outcome->error.step;

	if (policy->attributes_only || (ret < 0 && (step == ERROR_OPEN_SOURCE
						    || step == ERROR_SOURCE_REPLACED)))
		return false;
	const bool cloned = ret == 0 && plan_is(plan, ENGINE_REFLINK);
	const bool moved = !cloned && step != ERROR_CLONE
		&& (ret == 0 || counts_moved(counts) > 0);
	*explanation = (struct explanation) {
		.reflink = reflink_used(policy, outcome, cloned, moved),
		.offload = moved ? offload_used(plan, counts) : USED_UNKNOWN,
		.moved = moved, .holes_sought = outcome->sparse,
		.zeros_sought = plan->sparse.zeros,
		.verified = outcome->verified, .hashed = outcome->hashed,
	};
	if (ret == 0)
		explain_engine(plan, &outcome->shares, explanation);
	return true;
}
