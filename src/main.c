/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c: the order of things.  */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup.h"
#include "links.h"
#include "msg.h"
#include "operands.h"
#include "options.h"
#include "parents.h"
#include "quote.h"
#include "seen.h"
#include "signals.h"
#include "tree.h"

/* Say why the operands make no sense.  */
static void
report_operands(enum operands_error error, const char *blamed)
{
	switch (error) {
	case OPERANDS_OK:
		break;
	case OPERANDS_MISSING_FILE:
		msg_usage("missing file operand");
		break;
	case OPERANDS_MISSING_DEST:
		msg_usage("missing destination file operand after %s", quote(blamed));
		break;
	case OPERANDS_EXTRA:
		msg_usage("extra operand %s", quote(blamed));
		break;
	case OPERANDS_BOTH_TARGETS:
		msg_error(0, "cannot combine --target-directory (-t) "
			  "and --no-target-directory (-T)");
		break;
	case OPERANDS_NOT_BELOW:
		msg_usage("with --parents, the destination must be a directory");
		break;
	case OPERANDS_TARGET:
		msg_error(errno, "target %s", quote(blamed));
		break;
	case OPERANDS_TARGET_DIRECTORY:
		msg_error(errno, "target directory %s", quote(blamed));
		break;
	case OPERANDS_MEMORY:
		msg_error(errno, "cannot copy");
		break;
	}
}

/* Copy operand I; with --parents, in the directories that it is in.  */
static void
copy_operand(struct run *run, struct tree *tree, struct operands *operands, size_t i)
{
	struct job job;

	if (operands_job(operands, i, &job) < 0) {
		msg_error(errno, "cannot copy %s", quote(operands->sources[i]));
		return;
	}
	job.follow = run->policy->deref != DEREF_NEVER;
	if (!operands->parents) {
		tree_copy(tree, &job);
		return;
	}
	struct parents parents = PARENTS_NONE;
	const bool made = parents_make(&parents, run, &job) == 0;
	if (made) {
		tree_copy(tree, &job);
		tree_finish(tree);
	}
	parents_finish(&parents, run, made);
}

/* Copy every operand, whatever happens to the others; but nothing more once a signal
   asks us to end.  */
static void
copy_all(struct run *run, const struct tree_policy *policy, struct operands *operands)
{
	struct tree *tree = NULL;
	bool ready;

	run->links = links_new();
	if (operands->count > 1) {
		run->sources = seen_new();
		run->created = seen_new();
	}
	ready = run->links != NULL
		&& (operands->count <= 1 || (run->sources != NULL && run->created != NULL))
		&& (tree = tree_new(run, policy, operands->count)) != NULL;
	if (!ready)
		msg_error(errno, "cannot copy");
	for (size_t i = 0; ready && i < operands->count && signals_fatal() == 0; i++)
		copy_operand(run, tree, operands, i);
	if (ready)
		tree_finish(tree);
	if (tree != NULL)
		tree_free(tree);
	links_free(run->links);
	seen_free(run->sources);
	seen_free(run->created);
}

/* mmcp --force --backup FILE FILE copies FILE to what its backup would be called.  That
   name, to be freed; or NULL if it isn't so.  */
static char *
own_backup(const struct copy_policy *policy, const struct operands *operands)
{
	struct stat st;

	if (!policy->dest.force || policy->backup.kind == BACKUP_NONE || operands->dir >= 0
	    || strcmp(operands->sources[0], operands->target) != 0
	    || stat(operands->target, &st) < 0 || !S_ISREG(st.st_mode))
		return NULL;
	return backup_path(&policy->backup, AT_FDCWD, operands->target);
}

static void
run_with(const struct options *options)
{
	struct operands operands;
	struct copy_policy copy = options->copy;
	struct run run = { .policy = &options->entry, .copy = &copy };
	const enum operands_error error = operands_sort(&operands, options->count,
							options->operand, &options->operands);

	if (error != OPERANDS_OK) {
		report_operands(error, operands.blamed);
	} else {
		char *const backup = own_backup(&copy, &operands);
		if (backup != NULL) {
			operands.target = backup;
			copy.backup.kind = BACKUP_NONE;
		}
		copy_all(&run, &options->tree, &operands);
		free(backup);
	}
	operands_free(&operands);
}

/* No file of ours may take the number of a standard stream that we were started without:
   words for the user would land in it.  What stands in for one refuses its use.  */
static void
hold_standard_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0
		    && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
			_exit(1);
}

int
main(int argc, char **argv)
{
	struct options options;

	hold_standard_streams();
	/* Names and messages; each category costs 4 calls, and there are 12.  */
	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "");
	signals_catch();
	if (options_read(&options, argc, argv) == OPTIONS_GO)
		run_with(&options);
	options_free(&options);
	signals_raise_again();
	msg_flush();
	return msg_status();
}
