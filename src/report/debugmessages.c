/* SPDX-License-Identifier: GPL-3.0-or-later */
/* debugmessages.c: the lines of --debug.  */
#include "config.h"

#include "report/debugmessages.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/units.h"
#include "report/locale.h"
#include "report/message.h"
#include "report/reasons.h"

/* cp's words for how OUTCOME came about.  What never was begun is unknown.  */
static void
report_as_cp(const struct copy_policy *policy, int ret,
	const struct copy_outcome *outcome)
{
	const struct plan *const plan = &outcome->plan;
	const struct counts *const counts = &outcome->copied.counts;
	const uint64_t bytes = counts_moved(counts);
	const bool cloned = ret == 0 && plan_is(plan, ENGINE_REFLINK);
	const bool moved = !cloned && outcome->error.step != ERROR_CLONE
		&& (ret == 0 || bytes > 0);
	const char *offload = "unknown", *reflink = "unknown", *sparse = "unknown";

	if (policy->plan.reflink == REFLINK_NEVER || policy->plan.sparse == SPARSE_NEVER)
		reflink = "no";
	else if (cloned)
		reflink = "yes";
	else if (moved || (outcome->error.step == ERROR_CLONE
			   && !error_is_final(outcome->error.err)))
		reflink = "unsupported";
	if (moved && plan->kernel_refused)
		offload = "unsupported";
	else if (moved && counts_get(counts, COUNT_KERNEL) > 0)
		offload = "yes";
	else if (moved && (plan->no_kernel || bytes > 0))
		offload = "avoided";
	if (moved && plan->sparse.zeros)
		sparse = outcome->sparse ? "SEEK_HOLE + zeros" : "zeros";
	else if (moved)
		sparse = outcome->sparse ? "SEEK_HOLE" : "no";
	message_say("copy offload: %s, reflink: %s, sparse detection: %s", offload,
		    reflink, sparse);
}

/* The workers' way, in words, of which some may be in BUF (of SIZE).  */
static const char *
workers_way(const struct plan *plan, const struct counts *counts, char *buf, size_t size)
{
	const uint64_t written = counts_get(counts, COUNT_READ_WRITE);
	char share[8];

	if (!plan_is(plan, ENGINE_DIRECT))
		return plan->engine->word;
	if (written == 0)
		return "direct";
	if (counts_get(counts, COUNT_DIRECT) == 0)
		return count_info[COUNT_READ_WRITE].label;
	snprintf(buf, size, "direct (%s by read and write)",
		 units_format_share(written, counts_moved(counts), share, sizeof share));
	return buf;
}

/* How workers share the file; NULL if there is none.  */
static const struct workers_plan *
workers_of(const struct plan *plan)
{
	return plan_is(plan, ENGINE_MMAP) ? &plan->mmap.workers
		: plan_is(plan, ENGINE_DIRECT) ? &plan->direct.workers : NULL;
}

/* The engine, and what each worker moved.  */
static void
report_engine(const struct plan *plan, const struct counts *counts,
	const struct shares *shares)
{
	const uint64_t bytes = counts_moved(counts);
	const uint64_t workers = counts_get(counts, COUNT_WORKERS);
	char moved[SHARES_SHOWN * 24] = "";
	char size[32], way[64];
	const struct workers_plan *const shared = workers_of(plan);
	int used = 0;

	const bool writes = plan->mmap.writer == WRITER_READ_WRITE;
	const char *const first = writes ? " (write)"
		: counts_get(counts, COUNT_KERNEL) > 0 ? " (kernel)" : "";
	/* What the others wrote, and whether they stored anything besides.  */
	const uint64_t written = counts_get(counts, COUNT_READ_WRITE)
		- (writes ? shares->moved[0] : 0);
	const bool stored = counts_get(counts, COUNT_MAPPED)
		+ counts_get(counts, COUNT_DIRECT) > 0;
	const char *const others = *first == '\0' ? "" : written == 0 ? " (mmap)"
		: stored ? " (mmap, write)" : " (write)";
	for (unsigned i = 0; i < workers && i < SHARES_SHOWN; i++)
		used += sprintf(moved + used, "%s %.0f%%%s", i > 0 ? "," : "",
				100.0 * (double) shares->moved[i]
				/ (double) (bytes != 0 ? bytes : 1),
				i == 0 ? first : others);
	/* It is no news that a clone was not anything else.  */
	const char *const told = plan_is(plan, ENGINE_REFLINK) ? NULL
		: reason_text(plan->why);
	const char *const because = told != NULL ? ", because: " : "";
	const bool by_err = told != NULL && plan->why_err != 0;
	char why[256];
	snprintf(why, sizeof why, "%s%s%s", told != NULL ? told : "", by_err ? ": " : "",
		 by_err ? locale_reason(plan->why_err) : "");
	if (shared != NULL)
		message_say("engine: %s, workers: %u, chunk size: %s, moved:%s%s%s%s",
			    workers_way(plan, counts, way, sizeof way),
			    (unsigned) workers,
			    units_format_size(shared->chunk, size, sizeof size), moved,
			    workers > SHARES_SHOWN ? " ..." : "", because, why);
	else
		message_say("engine: %s%s%s", plan->engine->word, because,
			    why);
}

void
report_way(const struct copy_policy *policy, int ret, const struct copy_outcome *outcome)
{
	const enum error_step step = outcome->error.step;

	if (policy->attributes_only || (ret < 0 && (step == ERROR_OPEN_SOURCE
						    || step == ERROR_SOURCE_REPLACED)))
		return;
	report_as_cp(policy, ret, outcome);
	if (ret < 0)
		return;
	report_engine(&outcome->plan, &outcome->copied.counts, &outcome->shares);
	const uint64_t rounds = counts_get(&outcome->copied.counts, COUNT_ROUNDS);
	if (rounds > 0)
		message_say("followed: the source changed while being copied, rounds: %"
			    PRIu64, rounds);
}
