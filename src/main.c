/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c: the order of things.  */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/namelist.h"
#include "base/ratelimit.h"
#include "base/signals.h"
#include "cli/failto.h"
#include "cli/operands.h"
#include "cli/options.h"
#include "cli/supervision.h"
#include "file/backup.h"
#include "report/failures.h"
#include "report/message.h"
#include "report/progress.h"
#include "report/prompt.h"
#include "report/quote.h"
#include "report/copymessages.h"
#include "report/stats.h"
#include "tree/fileset.h"
#include "tree/linktable.h"
#include "tree/parents.h"
#include "tree/tree.h"

/* Say why the operands make no sense.  */
static void
report_operands(enum operands_error error, const char *blamed)
{
	switch (error) {
	case OPERANDS_OK:
		break;
	case OPERANDS_MISSING_FILE:
		message_usage("missing file operand");
		break;
	case OPERANDS_MISSING_DEST:
		message_usage("missing destination file operand after %s", quote(blamed));
		break;
	case OPERANDS_EXTRA:
		message_usage("extra operand %s", quote(blamed));
		break;
	case OPERANDS_BOTH_TARGETS:
		message_error(0, "cannot combine --target-directory (-t) "
			      "and --no-target-directory (-T)");
		break;
	case OPERANDS_NOT_BELOW:
		message_usage("with --parents, the destination must be a directory");
		break;
	case OPERANDS_TARGET:
		message_error(errno, "target %s", quote(blamed));
		break;
	case OPERANDS_TARGET_DIRECTORY:
		message_error(errno, "target directory %s", quote(blamed));
		break;
	case OPERANDS_MEMORY:
		message_error(errno, "cannot copy");
		break;
	}
}

/* Copy operand I; with --parents, or where a list says so, in the directories that it is
   in.  */
static void
copy_operand(struct session *session, struct tree *tree, struct operands *operands,
	size_t i)
{
	struct pathpair pair;

	if (operands_pair(operands, i, &pair) < 0) {
		message_error(errno, "cannot copy %s", quote(operands->sources[i]));
		return;
	}
	pair.follow = session->policy->dereference != DEREFERENCE_NEVER;
	if (operands->dir < 0 || strchr(pair.dest, '/') == NULL) {
		tree_copy(tree, &pair);
		return;
	}
	const struct subject before = failures_about((struct subject) {
		pair.source_name, strlen(pair.source_name) });
	struct parents parents = PARENTS_NONE;
	const bool made = parents_make(&parents, session, &pair) == 0;
	if (made) {
		tree_copy(tree, &pair);
		tree_finish(tree);
	}
	parents_finish(&parents, session, made);
	failures_about(before);
}

/* Copy every operand, whatever happens to the others; but nothing more once a signal
   asks us to end.  */
static void
copy_all(struct session *session, const struct tree_policy *policy,
	struct operands *operands)
{
	struct tree *tree = NULL;
	bool ready;

	session->links = linktable_new();
	if (operands->count > 1) {
		session->sources = fileset_new();
		session->created = fileset_new();
		session->linked = fileset_new();
	}
	ready = session->links != NULL
		&& (operands->count <= 1
		    || (session->sources != NULL && session->created != NULL
			&& session->linked != NULL))
		&& (tree = tree_new(session, policy, operands->count)) != NULL;
	if (!ready)
		message_error(errno, "cannot copy");
	for (size_t i = 0; ready && i < operands->count && signals_fatal() == 0; i++) {
		if (i + 1 == operands->count && !session->policy->recursive)
			progress_found_all();
		copy_operand(session, tree, operands, i);
	}
	if (ready) {
		progress_found_all();
		tree_finish(tree);
	}
	if (tree != NULL)
		tree_free(tree);
	linktable_free(session->links);
	fileset_free(session->sources);
	fileset_free(session->created);
	fileset_free(session->linked);
}

/* mmcp --force --backup FILE FILE copies FILE to what its backup would be called.  That
   name, to be freed; or NULL if it isn't so.  */
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

/* What the user is told besides, from the first file on.  */
static void
note_failure(const char *text)
{
	failures_note(text);
	stats_failed(failures_subject().name, text);
}

/* If all operands are files, it is known how much there is to copy.  */
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
		bytes += copy_expects(session->copy, &st);
	}
	progress_expect(bytes, operands->count);
}

/* Whether all there is to copy is one file; where directories aren't copied, no look is
   needed.  */
static bool
is_one_file(const struct operands *operands, bool recursive)
{
	struct stat st;

	return operands->count == 1 && (!recursive
		|| (stat(operands->sources[0], &st) == 0 && !S_ISDIR(st.st_mode)));
}

/* Whether failures are listed at the end: where somebody looks on, or has asked for
   more than cp says.  */
static bool
lists_failures(const struct options *options)
{
	return options->progress == PROGRESS_ALWAYS || options->stats.stats
		|| options->failed_to != NULL || progress_was_drawn();
}

static void
copy_operands(const struct options *options, struct operands *operands)
{
	struct copy_policy copy = options->copy;
	struct session session = { .policy = &options->entry, .copy = &copy };
	const struct tree_policy tree = { .one_file_system = options->tree.one_file_system,
					  .exclude = &options->exclude,
					  .files0_from = options->files0_from != NULL };

	if (options->expanded.ours)
		report_details();
	copy.plan.alone = is_one_file(operands, options->entry.recursive);
	char *const backup = own_backup(&copy, operands);
	if (backup != NULL) {
		operands->target = backup;
		copy.backup.kind = BACKUP_NONE;
	}
	progress_start(options->progress);
	stats_start(&options->stats);
	message_hooks(progress_clear, note_failure);
	expect(&session, operands);
	copy_all(&session, &tree, operands);
	progress_stop();
	failures_tell(lists_failures(options));
	stats_tell(failures_count());
	free(backup);
}

/* Begin what --failed-to wants.  0, or -1 and it was said.  */
static int
keep_failures(const char *file, struct operands *operands, bool recursive)
{
	if (failto_clashes(file, operands, recursive))
		return -1;
	if (failures_to(file) == 0)
		return 0;
	message_error(errno, "cannot write %s", quote(file));
	return -1;
}

static void
run_with(const struct options *options, size_t count, const char *const *operand)
{
	const bool keeps = options->failed_to != NULL && !options->entry.dry_run;
	struct operands operands;
	const enum operands_error error = operands_sort(&operands, count, operand,
							&options->operands);

	if (error != OPERANDS_OK)
		report_operands(error, operands.blamed);
	else if (keeps && keep_failures(options->failed_to, &operands,
					options->entry.recursive) < 0)
		;
	else if (options->bwlimit != 0 && ratelimit_set(options->bwlimit) < 0)
		message_error(errno, "cannot copy");
	else
		copy_operands(options, &operands);
	operands_free(&operands);
}

/* Names without a byte are nothing to copy, and what is to be below the directory is
   not to lead out of it.  */
static void
drop_bad(struct namelist *names, const char *file)
{
	size_t kept = 0;

	for (size_t i = 0; i < names->count; i++)
		if (*names->item[i] == '\0')
			message_error(0, "%s:%zu: invalid zero-length file name",
				      quote_if_needed(file), i + 1);
		else if (namelist_lead_out(names->item[i]))
			message_error(0, "%s:%zu: the path in %s leads out of the directory",
				      quote_if_needed(file), i + 1,
				      quote(names->item[i]));
		else
			names->item[kept++] = names->item[i];
	names->count = kept;
}

/* The sources are in a list; what is on the command line is where they go.  */
static void
run_with_list(const struct options *options)
{
	const size_t given = options->operands.target_directory == NULL ? 1 : 0;
	struct namelist names;

	if (options->count > given) {
		message_usage("extra operand %s; file operands cannot be combined with --files0-from",
			      quote(options->operand[options->count - 1 - given]));
		return;
	}
	if (options->count < given) {
		message_usage("missing destination operand");
		return;
	}
	if (namelist_read(&names, options->files0_from, '\0') < 0) {
		message_error(errno, "cannot read %s", quote(options->files0_from));
		return;
	}
	drop_bad(&names, options->files0_from);
	if (given > 0)		/* There is room for it, behind the last one.  */
		names.item[names.count] = options->operand[0];
	if (names.count > 0)
		run_with(options, names.count + given, names.item);
	namelist_free(&names);
}

int
main(int argc, char **argv)
{
	struct options options;

	const int devices = supervision_open();
	const enum options_answer answer = options_read(&options, argc, argv);
	if (answer == OPTIONS_GO)
		supervision_keep(&options, devices);
	supervision_close(devices);
	/* Now there will be something to clean up.  */
	signals_catch();
	if (answer == OPTIONS_GO) {
		if (options.stats.json)
			message_say_on_stderr();
		if (options.files0_from != NULL)
			run_with_list(&options);
		else
			run_with(&options, options.count, options.operand);
	}
	options_free(&options);
	if (signals_fatal() != 0)
		fflush(stdout);		/* whole lines */
	signals_raise_again();
	prompt_finish();
	message_flush();
	return message_status();
}
