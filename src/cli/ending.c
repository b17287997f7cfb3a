/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ending.c: what is said at the end of a run, and to whom.  */
#include "config.h"

#include "cli/ending.h"

#include <sys/stat.h>

#include "base/dirty.h"
#include "base/signals.h"
#include "base/totals.h"
#include "cli/room.h"
#include "cli/slow.h"
#include "report/closing.h"
#include "report/failures.h"
#include "report/progress.h"

bool
ending_asks_for_progress(const struct options *options)
{
	return options->progress == PROGRESS_ALWAYS
		|| options->progress == PROGRESS_PLAIN;
}

/* Return whether the user watches, and so reads what was done.  */
static bool
is_watched(const struct options *options)
{
	return ending_asks_for_progress(options) || progress_was_drawn();
}

/* Return whether the destination of OPERANDS is a directory that didn't exist before.  */
static bool
makes_directory(const struct options *options, const struct operands *operands)
{
	struct stat st;

	return operands->count == 1 && operands->dir < 0
		&& !options->operands.no_target_directory
		&& stat(operands->target, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Return whether nothing was copied or linked.  */
static bool
nothing_is_complete(void)
{
	return totals_read(COUNT_REGULAR) + totals_read(COUNT_HARD_LINKS)
		+ totals_read(COUNT_SYMLINKS) == 0;
}

/* Return whether a file that existed may have been cut short: one was overwritten in
   place.  Else the old one stays until the new one is whole, if not under its name.  */
static bool
cuts(const struct options *options)
{
	const struct copy_policy *const copy = &options->copy;

	return totals_read(COUNT_REPLACED) > 0 && !copy->dest.atomic
		&& copy->plan.verify == VERIFY_NEVER && copy->backup.kind == BACKUP_NONE
		&& !options->entry.remove_destination && !options->entry.link
		&& !options->entry.symbolic_link;
}

/* Return how a run that was interrupted goes on.  What was cut short is older than any
   source, but what hadn't been overwritten yet may be newer.  What is complete would
   become its own backup, and replace a simple one.  NEW: no files were in the
   destination.  */
static enum closing_resume
resume(const struct options *options, bool new)
{
	if (options->copy.dest.resume)
		return RESUME_JOURNAL;
	if (options->entry.update != UPDATE_ALL || nothing_is_complete())
		return RESUME_AGAIN;
	if (options->copy.meta.times)
		return RESUME_CHANGED;
	if (new)
		return RESUME_UPDATE;
	return options->copy.backup.kind == BACKUP_NONE
		|| options->copy.backup.kind == BACKUP_NUMBERED ? RESUME_AGAIN
		: RESUME_NUMBERED;
}

/* Return whether all that was copied is on the device.  */
static bool
is_synced(const struct options *options)
{
	return options->copy.dest.fsync && failures_count() == 0;
}

/* Say what was done, and where it is.  */
static void
close_done(const struct options *options)
{
	if (is_synced(options))
		closing_done(failures_count(), PLACE_SYNCED, 0);
	else if (slow_is() && failures_count() > 0)
		closing_done(failures_count(), PLACE_KERNEL, dirty_all());
	else if (slow_is())
		closing_done(failures_count(), PLACE_WRITTEN_BACK, dirty_all());
	else
		closing_done(failures_count(), PLACE_KERNEL,
			     options->copy.dest.resume ? 0	/* but names */
			     : room_in_memory(closing_bytes()));
}

/* Say what a dry run would do, and whether there is room for that.  */
static void
close_planned(const struct options *options, const struct operands *operands)
{
	room_look(operands, options->copy.plan.reflink != REFLINK_NEVER);
	room_check(totals_read(COUNT_PLANNED));
	closing_planned(failures_count());
}

/* Say how the run ended.  */
static void
close_up(const struct options *options, const struct operands *operands)
{
	if (options->entry.dry_run) {
		if (signals_fatal() == 0)
			close_planned(options, operands);
	} else if (signals_fatal() != 0
		   && (is_watched(options) || options->copy.dest.resume)) {
		const bool new = makes_directory(options, operands);
		closing_interrupted(resume(options, new), new,
				    options->copy.partial ? REST_KEPT
				    : cuts(options) ? REST_CUT : REST_REMOVED);
	} else if (is_watched(options)) {
		close_done(options);
	}
}

/* Return whether failures are listed at the end.  */
static bool
lists_failures(const struct options *options)
{
	return is_watched(options) || options->stats.stats
		|| options->failed_to != NULL;
}

void
ending_print(const struct options *options, const struct operands *operands)
{
	failures_print(lists_failures(options));
	close_up(options, operands);
}
