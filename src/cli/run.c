/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.c: one run: find the operands, copy each, and sum up.  */
#include "config.h"

#include "cli/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/ratelimit.h"
#include "base/signals.h"
#include "cli/failed_to.h"
#include "cli/files0_from.h"
#include "cli/operands.h"
#include "file/backup.h"
#include "report/copymessages.h"
#include "report/entrymessages.h"
#include "report/failures.h"
#include "report/message.h"
#include "report/progress.h"
#include "report/stats.h"
#include "report/usage.h"
#include "tree/parents.h"
#include "tree/session.h"
#include "tree/tree.h"

/* ---- each operand ---- */

/* What is copied: the operands, and the session they are copied in.  */
struct copies {
	struct session *session;
	struct operands *operands;
	struct tree *tree;
};

/* Set *PAIR to operand I, for a walker.  */
static int
operand(void *context, size_t i, struct pathpair *pair)
{
	const struct copies *const copies = context;

	if (operands_pair(copies->operands, i, pair) < 0) {
		report_cannot_copy(copies->operands->sources[i], errno);
		return -1;
	}
	pair->follow = copies->session->policy->dereference != DEREFERENCE_NEVER;
	return 0;
}

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

	if (operand(copies, i, &pair) < 0)
		return;
	/* With --parents, or in a list, a destination may have directories.  */
	if (copies->operands->dir >= 0 && strchr(pair.dest, '/') != NULL)
		copy_with_parents(copies, i, &pair);
	else
		tree_copy(copies->tree, i, &pair);
}

/* Prepare SESSION for COUNT operands.  Return 0, or -1 with errno.  Close it either
   way.  */
static int
session_open(struct session *session, size_t count)
{
	session->links = linktable_new();
	if (session->links == NULL || count <= 1)
		return session->links != NULL ? 0 : -1;
	session->sources = fileset_new();
	session->created = fileset_new();
	session->linked = fileset_new();
	return session->sources != NULL && session->created != NULL
		&& session->linked != NULL ? 0 : -1;
}

static void
session_close(struct session *session)
{
	linktable_free(session->links);
	fileset_free(session->sources);
	fileset_free(session->created);
	fileset_free(session->linked);
}

/* Copy every operand, whatever becomes of the others, until a signal asks us to end.  */
static void
copy_all(struct session *session, const struct tree_policy *policy,
	struct operands *operands)
{
	struct copies copies = { .session = session, .operands = operands };

	if (session_open(session, operands->count) == 0)
		copies.tree = tree_new(session, policy, operands->count, operand,
				       &copies);
	if (copies.tree == NULL) {
		usage_cannot_begin(errno);
		return;
	}
	for (size_t i = 0; i < operands->count && signals_fatal() == 0; i++) {
		if (operands->count == 1 && !session->policy->recursive)
			progress_found_all();
		copy_operand(&copies, i);
	}
	tree_finish(copies.tree);
	progress_found_all();
	tree_sync(copies.tree, operands->count);
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

/* Have progress know how much there is to copy, if all operands are regular files.  */
static void
expect(const struct session *session, const struct operands *operands)
{
	struct stat st;
	uint64_t bytes = 0;

	if (!progress_is_shown() || session->copy->attributes_only)
		return;
	for (size_t i = 0; i < operands->count; i++) {
		if (stat(operands->sources[i], &st) < 0)
			continue;
		if (!S_ISREG(st.st_mode))
			return;
		bytes += outcome_expect(session->copy, &st);
	}
	progress_expect(bytes, operands->count);
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

/* Note the failure TEXT for the end, and for --json.  */
static void
note_failure(const char *text)
{
	failures_note(text);
	stats_failed(failures_subject().name, text);
}

/* Return whether failures are listed at the end: the user watches, or has asked for more
   than cp reports.  */
static bool
lists_failures(const struct options *options)
{
	return options->progress == PROGRESS_ALWAYS || options->stats.stats
		|| options->failed_to != NULL || progress_was_drawn();
}

/* Begin SESSION: the reports, and what is known before.  COPY, its policy, may change.
   Return the name of the backup that is the destination, to be freed, or NULL.  */
static char *
begin(const struct options *options, struct session *session, struct copy_policy *copy,
	struct operands *operands)
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
	stats_start(&options->stats);
	message_hooks(progress_clear, note_failure);
	expect(session, operands);
	return backup;
}

/* End SESSION, and sum up.  */
static void
end(const struct options *options, struct session *session)
{
	session_close(session);
	progress_stop();
	failures_print(lists_failures(options));
	stats_print(failures_count());
}

/* Find the OPERANDS that OPTIONS name, in LIST with --files0-from, and open what all
   copies need.  Return 0; or -1 if there is nothing to copy, or an error was reported.
   Both are to be freed either way.  */
static int
prepare(const struct options *options, struct namelist *list, struct operands *operands)
{
	const bool listed = options->files0_from != NULL;

	if (listed && (files0_from_read(list, options) < 0 || list->count == 0))
		return -1;
	const enum operands_error error =
		operands_sort(operands, listed ? list->count : options->count,
			      listed ? list->item : options->operand, &options->operands);
	if (error != OPERANDS_OK) {
		operands_report(operands, error);
		return -1;
	}
	if (options->failed_to != NULL && !options->entry.dry_run
	    && failed_to_open(options->failed_to, operands, options->entry.recursive) < 0)
		return -1;
	if (options->bwlimit != 0 && ratelimit_set(options->bwlimit) < 0) {
		usage_cannot_begin(errno);
		return -1;
	}
	return 0;
}

void
run_copies(const struct options *options)
{
	struct namelist list = NAMELIST_NONE;
	struct operands operands = OPERANDS_NONE;
	struct copy_policy copy = options->copy;
	struct session session = { .policy = &options->entry, .copy = &copy };

	if (options->stats.json)
		message_print_on_stderr();
	if (prepare(options, &list, &operands) == 0) {
		char *const backup = begin(options, &session, &copy, &operands);
		copy_all(&session, &options->tree, &operands);
		end(options, &session);
		free(backup);
	}
	operands_free(&operands);
	namelist_free(&list);
}
