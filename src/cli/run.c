/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.c: one run: find the operands, copy each, and sum up.  */
#include "config.h"

#include "cli/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/signals.h"
#include "base/totals.h"
#include "base/writebehind.h"
#include "cli/copies.h"
#include "cli/ending.h"
#include "cli/goingon.h"
#include "cli/operands.h"
#include "cli/outputs.h"
#include "cli/room.h"
#include "cli/slow.h"
#include "file/backup.h"
#include "report/closing.h"
#include "report/copymessages.h"
#include "report/entrymessages.h"
#include "report/failures.h"
#include "report/message.h"
#include "report/progress.h"
#include "report/progressfacts.h"
#include "report/prompt.h"
#include "report/stats.h"
#include "report/statuspost.h"
#include "report/usage.h"
#include "tree/parents.h"
#include "tree/peers.h"
#include "tree/session.h"
#include "tree/survey.h"
#include "tree/tree.h"

/* ---- each operand ---- */

/* Copy operand I, PAIR, below directories that are made for it.  */
static void
copy_with_parents(const struct copies *copies, size_t i, const struct pathpair *pair)
{
	const struct subject before = failures_about((struct subject) {
		pair->source_name, strlen(pair->source_name) });
	struct parents parents = PARENTS_NONE;
	const bool made = parents_make(&parents, copies->session, pair) == 0;

	if (made) {
		tree_copy(copies->tree, i, pair);
		tree_finish(copies->tree);
	}
	parents_finish(&parents, copies->session, made);
	failures_about(before);
}

/* Copy operand I.  */
static void
copy_operand(struct copies *copies, size_t i)
{
	struct pathpair pair;

	if (copies_operand(copies, i, &pair) < 0)
		return;
	/* With --parents, or in a list, a destination may have directories.  */
	if (copies->operands->dir >= 0 && strchr(pair.dest, '/') != NULL)
		copy_with_parents(copies, i, &pair);
	else
		tree_copy(copies->tree, i, &pair);
}

/* Begin to find out what the survey CONTEXT asks for.  */
static const struct forecast *
begin_survey(void *context)
{
	return survey_start(context);
}

/* Copy each operand of COPIES.  */
static void
copy_each(struct copies *copies)
{
	const size_t count = copies->operands->count;

	for (size_t i = 0; i < count && signals_fatal() == 0; i++) {
		if (count == 1 && !copies->session->policy->recursive)
			progressfacts_found_all();
		copy_operand(copies, i);
	}
	tree_finish(copies->tree);
	progressfacts_found_all();
}

/* Copy every operand, whatever becomes of the others, until a signal asks us to end.  */
static void
copy_all(struct session *session, const struct tree_policy *policy,
	struct operands *operands)
{
	struct copies copies = { .session = session, .operands = operands };
	struct survey survey = { session, policy, operands->count, copies_operand,
				 &copies, operands->dir, { 0 } };

	if (copies_open(&copies, policy) < 0) {
		usage_cannot_begin(errno);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &survey.began);
	progress_forecaster(begin_survey, &survey);
	copy_each(&copies);
	peers_end();
	if (writebehind_drain() < 0)
		report_cannot_flush_all(errno);
	tree_sync(copies.tree, operands->count);
	peers_leave();
	progress_forecaster(NULL, NULL);
	tree_free(copies.tree);
}

/* ---- what is known before ---- */

/* Return the name of FILE's backup, to be freed, if mmcp --force --backup FILE FILE was
   called, which copies FILE to it; else NULL.  */
static char *
own_backup(const struct copy_policy *policy, const struct operands *operands)
{
	struct stat st;

	if (!policy->dest.force || policy->backup.kind == BACKUP_NONE
	    || operands->dir >= 0
	    || strcmp(operands->sources[0], operands->target) != 0
	    || stat(operands->target, &st) < 0 || !S_ISREG(st.st_mode))
		return NULL;
	return backup_path(&policy->backup, AT_FDCWD, operands->target);
}

/* Return whether there is only one file to copy.  Where directories aren't copied, this
   is known without a stat.  */
static bool
is_one_file(const struct operands *operands, bool recursive)
{
	struct stat st;

	return operands->count == 1 && (!recursive
		|| (stat(operands->sources[0], &st) == 0 && !S_ISDIR(st.st_mode)));
}

/* ---- the run ---- */

/* Begin the reports, and learn what is known before.  COPY, the policy, may change.
   Return the name of the backup that is the destination, to be freed, or NULL.  */
static char *
begin(const struct options *options, struct copy_policy *copy, struct operands *operands)
{
	if (options->expanded.ours)
		report_details();
	copy->plan.alone = is_one_file(operands, options->entry.recursive);
	char *const backup = own_backup(copy, operands);
	if (backup != NULL) {
		operands->target = backup;
		copy->backup.kind = BACKUP_NONE;
	}
	progress_start(options->progress);
	closing_start();
	if (progress_is_shown() && !options->entry.dry_run) {
		room_look(operands, copy->plan.reflink != REFLINK_NEVER);
		progress_checker(room_check);
		slow_look(operands);
		progress_watcher(slow_watch);
	}
	if (ending_asks_for_progress(options))
		failures_fold();
	if (!options->entry.dry_run)
		statuspost_begin(operands->sources, operands->count, operands->target);
	return backup;
}

/* End SESSION of OPERANDS, and sum up.  */
static void
end(const struct options *options, const struct operands *operands,
	struct session *session)
{
	copies_close(session);
	statuspost_end();
	progress_stop();
	ending_print(options, operands);
}

/* Return what the program will return: a signal is raised again.  */
static int
status(void)
{
	const int fatal = signals_fatal();

	return fatal != 0 ? 128 + fatal : message_status();
}

/* Find the OPERANDS that OPTIONS name, in LIST with --files0-from, and open what all
   copies need.  Return 0; or -1 if there is nothing to copy, or an error was reported.
   Both are to be freed either way.  */
static int
prepare(const struct options *options, struct namelist *list, struct operands *operands,
	struct session *session)
{
	switch (copies_find(options, list, operands)) {
	case -1:
		outputs_open_log(options);
		return -1;
	case 0:
		return -1;
	}
	goingon_note(options, operands);
	if (outputs_open(options, operands) < 0)
		return -1;
	if (copies_limit_rate(options) < 0) {
		usage_cannot_begin(errno);
		return -1;
	}
	mode_t umask = options->copy.meta.umask;
	return outputs_open_manifest(options, &session->manifest) < 0 ? -1
		: copies_meet(options, session, operands, &umask);
}

void
run_copies(const struct options *options)
{
	struct namelist list = NAMELIST_NONE;
	struct operands operands = OPERANDS_NONE;
	struct copy_policy copy = options->copy;
	struct session session = { .policy = &options->entry, .copy = &copy };
	static const struct message_hooks hooks = { progress_clear, failures_note,
						    stats_failed };

	if (outputs_use_stdout(options))
		message_print_on_stderr();
	stats_start(&options->stats);
	message_hooks(&hooks);
	if (prepare(options, &list, &operands, &session) == 0) {
		char *const backup = begin(options, &copy, &operands);
		copy_all(&session, &options->tree, &operands);
		outputs_close_manifest(options, session.manifest);
		end(options, &operands, &session);
		free(backup);
	} else {
		peers_end();
	}
	operands_free(&operands);
	namelist_free(&list);
	prompt_finish();
	stats_print(failures_count(), status);
}
