/* SPDX-License-Identifier: GPL-3.0-or-later */
/* policies.c: what the command line means: the const policies that the modules obey,
   and what it may not say.  */
#include "config.h"

#include "cli/optionvalues.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/units.h"
#include "cli/keyword.h"
#include "file/selinux.h"
#include "report/message.h"
#include "report/quote.h"

/* ---- arguments ---- */

/* Read --NAME=TEXT as a size of at least one byte.  0, or -1 and it was said.  */
static int
read_size(const char *name, const char *text, uint64_t *bytes)
{
	switch (units_parse_size(text, bytes)) {
	case UNITS_OK:
		if (*bytes > 0)
			return 0;
		/* fallthrough */
	case UNITS_INVALID:
		message_usage("invalid --%s argument %s", name, quote(text));
		break;
	case UNITS_BAD_SUFFIX:
		message_usage("invalid suffix in --%s argument %s", name, quote(text));
		break;
	case UNITS_TOO_LARGE:
		message_usage("--%s argument %s too large", name, quote(text));
		break;
	}
	return -1;
}

/* Read -j TEXT: a number, at least 1.  */
static int
read_jobs(const char *text, unsigned *jobs)
{
	char *end;

	errno = 0;
	const unsigned long n = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || n == 0) {
		message_usage("invalid number of jobs: %s", quote(text));
		return -1;
	}
	*jobs = n > WORKERS_MAX ? WORKERS_MAX : (unsigned) n;
	return 0;
}

static const struct keyword backup_keywords[] = {
	{ "none", BACKUP_NONE }, { "off", BACKUP_NONE },
	{ "simple", BACKUP_SIMPLE }, { "never", BACKUP_SIMPLE },
	{ "existing", BACKUP_EXISTING }, { "nil", BACKUP_EXISTING },
	{ "numbered", BACKUP_NUMBERED }, { "t", BACKUP_NUMBERED }, { NULL, 0 },
};

/* What backups are to be made.  0, or -1 and it was said.  */
static int
read_backup(const struct option_values *values, struct backup_policy *backup)
{
	const char *const argument = values->backup_control;
	const bool given = argument != NULL && *argument != '\0';
	const char *const control = given ? argument : getenv("VERSION_CONTROL");
	const char *const suffix = values->suffix != NULL ? values->suffix
		: getenv("SIMPLE_BACKUP_SUFFIX");

	/* What can't be part of a name is not heard.  */
	backup->suffix = suffix != NULL && *suffix != '\0' && strchr(suffix, '/') == NULL
		? suffix : "~";
	backup->kind = BACKUP_NONE;
	if (!values->backup)
		return 0;
	const int kind = control == NULL || *control == '\0' ? BACKUP_EXISTING
		: keyword_match(given ? "backup type" : "$VERSION_CONTROL", control,
				backup_keywords);
	if (kind < 0)
		return -1;
	backup->kind = (enum backup_kind) kind;
	return 0;
}

/* ---- all of it ---- */

static mode_t
current_umask(void)
{
	const mode_t mask = umask(0);

	umask(mask);
	return mask;
}

/* -n leaves alone what -u might replace.  */
static enum update
updating(const struct option_values *values)
{
	return values->no_clobber ? UPDATE_NONE : (enum update) values->update;
}

/* What can't be asked for together, or not here.  0, or -1 and it was said.  */
static int
check(const struct option_values *values)
{
	if (values->atomic && values->remove_destination)
		message_usage("cannot combine --atomic and --remove-destination");
	else if (values->link && values->symbolic_link)
		message_usage("cannot make both hard and symbolic links");
	else if (values->backup && (updating(values) == UPDATE_NONE
				|| updating(values) == UPDATE_NONE_FAIL))
		message_usage("--backup is mutually exclusive with -n or --update=none-fail");
	else if (values->reflink == REFLINK_ALWAYS && values->sparse != SPARSE_AUTO)
		message_usage("--reflink can be used only with --sparse=auto");
	else if (values->reflink == REFLINK_ALWAYS && values->engine != ENGINE_AUTO)
		message_usage("--reflink=always can be used only with --engine=auto");
	else if (values->engine == ENGINE_KERNEL
		 && (values->reflink == REFLINK_NEVER || values->sparse != SPARSE_AUTO))
		message_usage("--engine=kernel can be used only with --sparse=auto, "
			      "and not with --reflink=never");
	else if (values->direct
		 && (values->engine != ENGINE_AUTO || values->sparse == SPARSE_ALWAYS))
		message_usage("--direct can be used only with --engine=auto, "
			      "and not with --sparse=always");
	else if (values->files0_from != NULL && strcmp(values->files0_from, "-") == 0
		 && (values->stdin_taken || values->interactive))
		message_usage("--files0-from=- can't be combined with what else reads standard input");
	else
		return 0;
	return -1;
}

/* Which context copies have.  0, or -1 and it was said.  */
static int
interpret_context(const struct option_values *values, struct context_policy *context)
{
	*context = values->meta.context;
	context->given = values->context != NULL;
	if ((context->usual || context->given) && !context->needed)
		context->keep = false;
	context->told = values->attributes_only;	/* that is all there is */
	context->keep = context->keep && selinux_is_enabled();
	context->named_late = values->atomic && !context->keep && !context->usual
		&& !context->given;
	if (context->keep && (context->usual || context->given))
		message_error(0, "cannot set target context and preserve it");
	else if (context->needed && !selinux_is_enabled())
		message_error(0, "cannot preserve security context "
			      "without an SELinux-enabled kernel");
	else if (context->given && selinux_set_new_for_people(values->context) < 0)
		message_error(errno, "failed to set default file creation context to %s",
			      quote_word(values->context));
	else
		return 0;
	return -1;
}

static void
interpret_entry(const struct option_values *values, struct entry_policy *entry)
{
	*entry = (struct entry_policy) {
		.recursive = values->recursive,
		.dereference = values->dereference_given ? values->dereference
			: values->recursive && !values->link ? DEREFERENCE_NEVER
			: DEREFERENCE_ALWAYS,
		.copy_contents = !values->recursive || values->copy_contents,
		.link = values->link, .symbolic_link = values->symbolic_link,
		.preserve_links = values->preserve_links,
		.keep_directory_symlink = values->keep_directory_symlink,
		.update = updating(values), .interactive = values->interactive,
		.remove_destination = values->remove_destination,
		.verbose = values->verbose || values->debug || values->dry_run,
		.debug = values->debug,
		.dry_run = values->dry_run,
	};
}

int
policies_interpret(const struct option_values *values, struct options *options)
{
	struct plan_policy *const plan = &options->copy.plan;

	options->copy.dest = (struct dest_policy) {
		.force = values->force, .atomic = values->atomic, .fsync = values->fsync
			&& !values->dry_run,
		/* What is made so has its name from the start.  */
		.through_dangling = getenv("POSIXLY_CORRECT") != NULL && !values->atomic,
	};
	plan->sparse = (enum sparse) values->sparse;
	/* What has no holes shares no blocks with what has.  */
	plan->reflink = values->reflink == REFLINK_AUTO && values->sparse == SPARSE_NEVER
		? REFLINK_NEVER : (enum reflink) values->reflink;
	plan->engine = (enum engine) values->engine;
	plan->nocache = values->nocache;
	plan->direct = values->direct;
	options->copy.meta = values->meta;
	options->copy.meta.umask = current_umask();
	/* They are all that there is.  */
	options->copy.meta.attributes_told = values->attributes_only;
	options->copy.attributes_only = values->attributes_only;
	options->copy.json = values->json;
	options->stats = (struct stats_policy) { .stats = values->stats,
						.json = values->json };
	options->progress = (enum progress_when) values->progress;
	options->files0_from = values->files0_from;
	options->failed_to = values->failed_to;
	options->exclude = values->exclude;
	options->tree.one_file_system = values->one_file_system;
	options->operands = (struct operands_policy) {
		.target_directory = values->target_directory,
		.no_target_directory = values->no_target_directory,
		.parents = values->parents,
		.strip_trailing_slashes = values->strip_trailing_slashes,
		.files0_from = values->files0_from != NULL,
	};
	interpret_entry(values, &options->entry);
	if (check(values) < 0)
		return -1;
	if (values->jobs != NULL && read_jobs(values->jobs, &plan->jobs) < 0)
		return -1;
	if (values->chunk_size != NULL
	    && read_size("chunk-size", values->chunk_size, &plan->chunk_size) < 0)
		return -1;
	if (values->bwlimit != NULL
	    && read_size("bwlimit", values->bwlimit, &options->bwlimit) < 0)
		return -1;
	return read_backup(values, &options->copy.backup) < 0 ? -1
		: interpret_context(values, &options->copy.meta.context);
}
