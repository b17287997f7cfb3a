/* SPDX-License-Identifier: GPL-3.0-or-later */
/* combine.c: what options mean for one another, which no row of the table can say.  */
#include "config.h"

#include "cli/combine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/locale.h"
#include "cli/option.h"
#include "engine/hash.h"
#include "file/selinux.h"
#include "report/usage.h"

/* ---- contradictions ---- */

/* Return whether the list of sources is standard input.  */
static bool
lists_stdin(const struct options *options)
{
	return options->files0_from != NULL && strcmp(options->files0_from, "-") == 0;
}

bool
combine_reads_stdin(const struct options *options)
{
	return options->exclude_from_stdin || lists_stdin(options);
}

/* Return whether two options read standard input.  */
static bool
share_stdin(const struct options *options)
{
	return lists_stdin(options)
		&& (options->exclude_from_stdin || options->entry.interactive);
}

/* Return whether two options write to standard output what programs are to read.  */
static bool
share_stdout(const struct options *options)
{
	const char *const list = options->failed_to, *const log = options->log_file;

	return (options->stats.json ? 1 : 0)
		+ (list != NULL && usage_is_stdout(list) ? 1 : 0)
		+ (log != NULL && usage_is_stdout(log) ? 1 : 0) > 1;
}

/* Return the first contradiction in how bytes are to move.  */
static enum usage_conflict
find_engine_conflict(const struct plan_policy *plan)
{
	const bool any_engine = plan->engine == NULL;
	const bool any_holes = plan->sparse == SPARSE_AUTO;

	if (plan->reflink == REFLINK_ALWAYS && !any_holes)
		return CONFLICT_REFLINK_SPARSE;
	if (plan->reflink == REFLINK_ALWAYS && !any_engine)
		return CONFLICT_REFLINK_ENGINE;
	if (policy_names(plan, ENGINE_KERNEL)
	    && (plan->reflink == REFLINK_NEVER || !any_holes))
		return CONFLICT_KERNEL;
	if (policy_names(plan, ENGINE_REFLINK)
	    && (plan->reflink == REFLINK_NEVER || !any_holes))
		return CONFLICT_ENGINE_REFLINK;
	if (policy_names(plan, ENGINE_DIRECT) && plan->sparse == SPARSE_ALWAYS)
		return CONFLICT_ENGINE_DIRECT;
	if (plan->direct && (!any_engine || plan->sparse == SPARSE_ALWAYS))
		return CONFLICT_DIRECT;
	return CONFLICT_NONE;
}

/* Return whether bytes move in a way in which blocks can't be hashed and marked.  */
static bool
keeps_no_journal(const struct plan_policy *plan)
{
	return plan->direct || (plan->engine != NULL && !policy_names(plan, ENGINE_STREAM)
				&& !policy_names(plan, ENGINE_REFLINK));
}

/* Return the first contradiction in OPTIONS.  */
static enum usage_conflict
find_conflict(const struct options *options)
{
	const struct entry_policy *const entry = &options->entry;

	if (options->copy.dest.atomic && entry->remove_destination)
		return CONFLICT_ATOMIC_REMOVES;
	if (options->copy.dest.atomic && options->copy.partial)
		return CONFLICT_ATOMIC_PARTIAL;
	if (options->copy.dest.resume && options->copy.partial)
		return CONFLICT_RESUME_PARTIAL;
	/* What was killed in place is newer than any source.  */
	if (options->copy.dest.resume && entry->update == UPDATE_OLDER)
		return CONFLICT_RESUME_OLDER;
	if (entry->link && entry->symbolic_link)
		return CONFLICT_LINKS;
	if (options->copy.attributes_only && entry->update == UPDATE_CONTENT)
		return CONFLICT_NO_CONTENT;
	if (options->backup
	    && (entry->update == UPDATE_NONE || entry->update == UPDATE_NONE_FAIL))
		return CONFLICT_BACKUP_NONE;
	if (options->copy.dest.resume && keeps_no_journal(&options->copy.plan))
		return CONFLICT_RESUME;
	const enum usage_conflict conflict = find_engine_conflict(&options->copy.plan);
	if (conflict != CONFLICT_NONE)
		return conflict;
	if (options->mpi && combine_reads_stdin(options))
		return CONFLICT_MPI;
	return share_stdin(options) ? CONFLICT_STDIN
		: share_stdout(options) ? CONFLICT_STDOUT : CONFLICT_NONE;
}

int
combine_check(struct options *options)
{
	if (options->no_clobber)	/* whatever -u would replace */
		options->entry.update = UPDATE_NONE;
	const enum usage_conflict conflict = find_conflict(options);
	if (conflict == CONFLICT_NONE)
		return 0;
	usage_conflict(conflict);
	return -1;
}

/* ---- what follows ---- */

/* Choose the kind and suffix of backups.  Return 0; or -1 if a word is unknown, which was
   reported.  */
static int
settle_backup(const struct options *options, struct backup_policy *backup)
{
	const char *const argument = options->backup_control;
	const bool given = argument != NULL && *argument != '\0';
	const char *const control = given ? argument : getenv("VERSION_CONTROL");

	if (backup->suffix == NULL)
		backup->suffix = getenv("SIMPLE_BACKUP_SUFFIX");
	/* A suffix that can't be part of a name is ignored.  */
	if (backup->suffix == NULL || *backup->suffix == '\0'
	    || strchr(backup->suffix, '/') != NULL)
		backup->suffix = "~";
	if (!options->backup)
		return 0;
	const int kind = control == NULL || *control == '\0' ? BACKUP_EXISTING
		: keyword_match(given ? N_("backup type") : "$VERSION_CONTROL", control,
				backup_keywords);
	if (kind < 0)
		return -1;
	backup->kind = (enum backup_kind) kind;
	return 0;
}

/* Have no progress drawn on the terminal that lines are written to past it.  */
static void
settle_progress(struct options *options)
{
	const char *const log = options->log_file;

	if (log != NULL && usage_is_stdout(log) && isatty(STDOUT_FILENO))
		options->progress = PROGRESS_NEVER;
}

/* Choose the context of copies.  Return 0, or -1 if something is wrong, which was
   reported.  */
static int
settle_context(const struct options *options, struct context_policy *context)
{
	context->given = options->context != NULL;
	if ((context->usual || context->given) && !context->needed)
		context->keep = false;
	context->reported = options->copy.attributes_only;	/* the only result */
	context->keep = context->keep && selinux_is_enabled();
	context->named_late = (options->copy.dest.atomic || options->copy.dest.resume
			       || options->copy.plan.verify != VERIFY_NEVER)
		&& !context->keep
		&& !context->usual && !context->given;
	if (context->keep && (context->usual || context->given))
		usage_conflict(CONFLICT_CONTEXTS);
	else if (context->needed && !selinux_is_enabled())
		usage_conflict(CONFLICT_NO_SELINUX);
	else if (context->given && selinux_set_new_for_people(options->context) < 0)
		usage_bad_context(options->context, errno);
	else
		return 0;
	return -1;
}

static void
settle_entry(struct entry_policy *entry)
{
	if (entry->dereference == DEREFERENCES)
		entry->dereference = entry->recursive && !entry->link
			? DEREFERENCE_NEVER : DEREFERENCE_ALWAYS;
	if (!entry->recursive)
		entry->copy_contents = true;
	if (entry->debug || entry->dry_run)
		entry->verbose = true;
}

static mode_t
current_umask(void)
{
	const mode_t mask = umask(0);

	umask(mask);
	return mask;
}

static void
settle_copy(const struct options *options, struct copy_policy *copy)
{
	if (options->entry.dry_run)
		copy->dest.fsync = false;
	/* With --atomic a file hasn't its name from the start, as one made so has.  */
	copy->dest.through_dangling = getenv("POSIXLY_CORRECT") != NULL
		&& !copy->dest.atomic && !copy->dest.resume;
	/* A copy without holes shares no blocks with a source that has some.  */
	if (copy->plan.reflink == REFLINK_AUTO && copy->plan.sparse == SPARSE_NEVER)
		copy->plan.reflink = REFLINK_NEVER;
	copy->meta.umask = current_umask();
	copy->meta.attributes_reported = copy->attributes_only;
	copy->amends = options->entry.update == UPDATE_CONTENT;
	copy->reported = options->stats.json || options->stats.log;
}

/* Open what --verify and --resume need.  Return 0, or -1 if it isn't there, which was
   reported.  */
static int
settle_hashes(const struct options *options)
{
	const bool verifies = options->copy.plan.verify != VERIFY_NEVER;
	const bool wanted = (verifies || options->copy.dest.resume)
		&& !options->entry.dry_run;
	const enum hash_opened opened = wanted ? hash_open(HASH_XXH128) : HASH_OPENED;

	if (opened == HASH_OPENED)
		return 0;
	usage_lacks_library(verifies ? "verify" : "resume", hash_library(HASH_XXH128),
			    opened == HASH_NOT_FOUND);
	return -1;
}

/* --resume: what has the source's size and time is whole, and so these are kept.  */
static void
settle_resume(struct options *options)
{
	if (!options->copy.dest.resume)
		return;
	options->copy.meta.times = true;
	if (options->entry.update == UPDATE_ALL)
		options->entry.update = UPDATE_CHANGED;
}

int
combine_settle(struct options *options)
{
	struct copy_policy *const copy = &options->copy;

	options->stats.dry = options->entry.dry_run;
	options->stats.log = options->log_file != NULL && !options->entry.dry_run;
	settle_resume(options);
	settle_entry(&options->entry);
	settle_copy(options, copy);
	settle_progress(options);
	options->operands.files0_from = options->files0_from != NULL;
	options->tree.files0_from = options->files0_from != NULL;
	options->tree.exclude = &options->exclude;
	return settle_backup(options, &copy->backup) < 0 || settle_hashes(options) < 0
		|| settle_context(options, &copy->meta.context) < 0 ? -1 : 0;
}
