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

#include "base/tally.h"
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

static const struct word backup_words[] = {
	{ "none", BACKUP_NONE }, { "off", BACKUP_NONE },
	{ "simple", BACKUP_SIMPLE }, { "never", BACKUP_SIMPLE },
	{ "existing", BACKUP_EXISTING }, { "nil", BACKUP_EXISTING },
	{ "numbered", BACKUP_NUMBERED }, { "t", BACKUP_NUMBERED }, { NULL, 0 },
};

/* What backups are to be made.  0, or -1 and it was said.  */
static int
read_backup(const struct raw *raw, struct backup_policy *backup)
{
	const bool given = raw->control != NULL && *raw->control != '\0';
	const char *const control = given ? raw->control : getenv("VERSION_CONTROL");
	const char *const suffix = raw->suffix != NULL ? raw->suffix
		: getenv("SIMPLE_BACKUP_SUFFIX");

	/* What can't be part of a name is not heard.  */
	backup->suffix = suffix != NULL && *suffix != '\0' && strchr(suffix, '/') == NULL
		? suffix : "~";
	backup->kind = BACKUP_NONE;
	if (!raw->back_up)
		return 0;
	const int kind = control == NULL || *control == '\0' ? BACKUP_EXISTING
		: words_match(given ? "backup type" : "$VERSION_CONTROL", control, backup_words);
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
updating(const struct raw *raw)
{
	return raw->no_clobber ? UPDATE_NONE : (enum update) raw->update;
}

/* What can't be asked for together, or not here.  0, or -1 and it was said.  */
static int
check(const struct raw *raw)
{
	if (raw->atomic && raw->remove)
		message_usage("cannot combine --atomic and --remove-destination");
	else if (raw->hard_link && raw->symbolic_link)
		message_usage("cannot make both hard and symbolic links");
	else if (raw->back_up && (updating(raw) == UPDATE_NONE
				|| updating(raw) == UPDATE_NONE_FAIL))
		message_usage("--backup is mutually exclusive with -n or --update=none-fail");
	else if (raw->reflink == REFLINK_ALWAYS && raw->sparse != SPARSE_AUTO)
		message_usage("--reflink can be used only with --sparse=auto");
	else if (raw->reflink == REFLINK_ALWAYS && raw->engine != ENGINE_AUTO)
		message_usage("--reflink=always can be used only with --engine=auto");
	else if (raw->engine == ENGINE_KERNEL
		 && (raw->reflink == REFLINK_NEVER || raw->sparse != SPARSE_AUTO))
		message_usage("--engine=kernel can be used only with --sparse=auto, "
			      "and not with --reflink=never");
	else if (raw->direct && (raw->engine != ENGINE_AUTO || raw->sparse == SPARSE_ALWAYS))
		message_usage("--direct can be used only with --engine=auto, "
			      "and not with --sparse=always");
	else if (raw->list != NULL && strcmp(raw->list, "-") == 0 && (raw->stdin_taken || raw->ask))
		message_usage("--files0-from=- can't be combined with what else reads standard input");
	else
		return 0;
	return -1;
}

/* Which context copies have.  0, or -1 and it was said.  */
static int
interpret_context(const struct raw *raw, struct context_policy *context)
{
	*context = raw->meta.context;
	context->given = raw->context != NULL;
	if ((context->usual || context->given) && !context->needed)
		context->keep = false;
	context->told = raw->no_content;	/* that is all there is */
	context->keep = context->keep && selinux_is_enabled();
	context->named_late = raw->atomic && !context->keep && !context->usual && !context->given;
	if (context->keep && (context->usual || context->given))
		message_error(0, "cannot set target context and preserve it");
	else if (context->needed && !selinux_is_enabled())
		message_error(0, "cannot preserve security context "
			      "without an SELinux-enabled kernel");
	else if (context->given && selinux_set_new_for_people(raw->context) < 0)
		message_error(errno, "failed to set default file creation context to %s",
			      quote_word(raw->context));
	else
		return 0;
	return -1;
}

static void
interpret_entry(const struct raw *raw, struct entry_policy *entry)
{
	*entry = (struct entry_policy) {
		.recursive = raw->recursive,
		.deref = raw->deref_given ? raw->deref
			: raw->recursive && !raw->hard_link ? DEREF_NEVER : DEREF_ALWAYS,
		.as_regular = !raw->recursive || raw->copy_contents,
		.hard_link = raw->hard_link, .symbolic_link = raw->symbolic_link,
		.keep_links = raw->keep_links,
		.keep_directory_symlink = raw->keep_directory_symlink,
		.update = updating(raw), .ask = raw->ask,
		.remove = raw->remove,
		.verbose = raw->verbose || raw->debug || raw->dry, .debug = raw->debug,
		.dry = raw->dry,
	};
}

int
interpret(const struct raw *raw, struct options *options)
{
	struct plan_policy *const plan = &options->copy.plan;

	options->copy.dest = (struct dest_policy) {
		.force = raw->force, .atomic = raw->atomic, .fsync = raw->fsync && !raw->dry,
		/* What is made so has its name from the start.  */
		.through_dangling = getenv("POSIXLY_CORRECT") != NULL && !raw->atomic,
	};
	plan->sparse = (enum sparse) raw->sparse;
	/* What has no holes shares no blocks with what has.  */
	plan->reflink = raw->reflink == REFLINK_AUTO && raw->sparse == SPARSE_NEVER
		? REFLINK_NEVER : (enum reflink) raw->reflink;
	plan->engine = (enum engine) raw->engine;
	plan->drop = raw->drop;
	plan->direct = raw->direct;
	options->copy.meta = raw->meta;
	options->copy.meta.umask = current_umask();
	options->copy.meta.attributes_told = raw->no_content;	/* that is all there is */
	options->copy.no_content = raw->no_content;
	options->copy.told = raw->json;
	options->stats = (struct stats_policy) { .stats = raw->stats, .json = raw->json };
	options->progress = (enum progress_when) raw->progress;
	options->list = raw->list;
	options->failed = raw->failed;
	options->exclude = raw->exclude;
	options->tree.one_file_system = raw->one_file_system;
	options->operands = (struct operands_policy) {
		.target = raw->target, .no_target = raw->no_target, .parents = raw->parents,
		.strip_slashes = raw->strip_slashes, .listed = raw->list != NULL,
	};
	interpret_entry(raw, &options->entry);
	if (check(raw) < 0)
		return -1;
	if (raw->jobs != NULL && read_jobs(raw->jobs, &plan->jobs) < 0)
		return -1;
	if (raw->chunk != NULL && read_size("chunk-size", raw->chunk, &plan->chunk) < 0)
		return -1;
	if (raw->rate != NULL && read_size("bwlimit", raw->rate, &options->rate) < 0)
		return -1;
	return read_backup(raw, &options->copy.backup) < 0 ? -1
		: interpret_context(raw, &options->copy.meta.context);
}
