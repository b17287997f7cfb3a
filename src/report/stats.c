/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stats.c: count what was done, and pass it on: to people (--stats), to programs (--json)
   and to the log.  */
#include "config.h"

#include "report/stats.h"

#include <sys/resource.h>

#include "base/clock.h"
#include "base/totals.h"
#include "report/failures.h"
#include "report/jsonlines.h"
#include "report/logfile.h"
#include "report/summary.h"

static const struct stats_policy *policy;
static uint64_t began;		/* nanoseconds */
static unsigned walkers = 1;	/* the most at the same time */

void
stats_start(const struct stats_policy *wanted)
{
	policy = wanted;
	began = clock_now();
}

enum count
stats_kind(mode_t mode)
{
	return S_ISDIR(mode) ? COUNT_DIRECTORIES : S_ISLNK(mode) ? COUNT_SYMLINKS
		: COUNT_SPECIAL;
}

bool
stats_wants_names(void)
{
	return policy != NULL && (policy->json || policy->log);
}

/* ---- what becomes of each name ---- */

static void
tell(const struct event *event)
{
	if (policy->json)
		jsonlines_file(event);
	if (policy->log)
		logfile_file(event);
}

void
stats_made(enum count kind, const char *source, const char *dest, bool dry)
{
	totals_add(kind, 1);
	if (stats_wants_names())
		tell(&(struct event) {
			.action = dry ? "planned"
				: kind == COUNT_HARD_LINKS ? "linked" : "made",
			.kind = count_info[kind].key, .source = source, .dest = dest });
}

void
stats_planned(const char *source, const char *dest, uint64_t size)
{
	totals_add(COUNT_REGULAR, 1);
	totals_add(COUNT_BYTES, size);
	if (stats_wants_names())
		tell(&(struct event) {
			.action = "planned", .kind = count_info[COUNT_REGULAR].key,
			.source = source, .dest = dest, .sized = true, .bytes = size });
}

void
stats_copied(const char *source, const char *dest, const struct copied *copied)
{
	/* A source that kept changing was reported as an error.  */
	if (!stats_wants_names() || copied->in_motion)
		return;
	tell(&(struct event) {
		.action = "copied", .kind = count_info[COUNT_REGULAR].key,
		.source = source, .dest = dest, .sized = true,
		.bytes = counts_get(&copied->counts, COUNT_BYTES), .copied = copied });
}

/* Return the kind of a file of MODE, as programs know it.  */
static const char *
kind_of(mode_t mode)
{
	return count_info[S_ISREG(mode) ? COUNT_REGULAR : stats_kind(mode)].key;
}

void
stats_differs(mode_t mode, const char *source, const char *dest)
{
	if (stats_wants_names())
		tell(&(struct event) { .action = "differs", .kind = kind_of(mode),
				       .source = source, .dest = dest });
}

void
stats_only_in_dest(mode_t mode, const char *dest)
{
	totals_add(COUNT_ONLY_IN_DEST, 1);
	if (stats_wants_names())
		tell(&(struct event) { .action = "only_in_destination",
				       .kind = kind_of(mode), .dest = dest });
}

void
stats_skipped(enum count why, mode_t mode, const char *source, const char *dest)
{
	totals_add(why, 1);
	if (stats_wants_names())
		tell(&(struct event) {
			.action = "skipped", .reason = count_info[why].key,
			.kind = mode != 0 ? kind_of(mode) : NULL,
			.source = source, .dest = dest });
}

void
stats_failed(const struct failure *failure, const char *text)
{
	if (policy != NULL && policy->json)
		jsonlines_error(failure, text, failures_subject().name);
	if (policy != NULL && policy->log)
		logfile_error(text);
}

/* ---- the end ---- */

/* Return the nanoseconds of processor time that we and our workers used.  */
static uint64_t
cpu_time(void)
{
	static const int who[] = { RUSAGE_SELF, RUSAGE_CHILDREN };
	uint64_t time = 0;

	for (unsigned i = 0; i < 2; i++) {
		struct rusage usage;
		if (getrusage(who[i], &usage) < 0)
			continue;
		time += (uint64_t) (usage.ru_utime.tv_sec
				    + usage.ru_stime.tv_sec) * 1000000000
			+ (uint64_t) (usage.ru_utime.tv_usec
				      + usage.ru_stime.tv_usec) * 1000;
	}
	return time;
}

void
stats_walkers(unsigned n)
{
	if (n > walkers)
		walkers = n;
}

void
stats_print(size_t failed, int (*status)(void))
{
	struct counts counts;

	if (policy == NULL || (!policy->stats && !stats_wants_names()))
		return;
	struct run_summary summary = { &counts, clock_now() - began, cpu_time(), failed,
				       walkers, policy->dry, status() };
	totals_read_all(&counts);
	if (policy->stats)
		summary_print(&summary);
	if (policy->log) {
		message_flush();	/* What can't be written makes the status 1.  */
		summary.status = status();
		logfile_end(&summary);
	}
	summary.status = status();	/* The log may have failed.  */
	if (policy->json)
		jsonlines_summary(&summary);
}
