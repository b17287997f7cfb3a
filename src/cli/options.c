/* SPDX-License-Identifier: GPL-3.0-or-later */
/* options.c: the popt tables, and what popt finds.  An option is one line here.  */
#include "config.h"

#include "cli/optionvalues.h"

#include <assert.h>
#include <errno.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/aliases.h"
#include "cli/keyword.h"
#include "file/selinux.h"
#include "report/locale.h"
#include "report/message.h"
#include "report/quote.h"

enum { VALUE_HELP = 1, VALUE_USAGE, VALUE_VERSION, VALUE_TARGET, VALUE_JOBS, VALUE_CHUNK,
       VALUE_ENGINE, VALUE_ARCHIVE, VALUE_D, VALUE_FOLLOW_OPERANDS, VALUE_FOLLOW,
       VALUE_NO_FOLLOW, VALUE_P, VALUE_PRESERVE, VALUE_NO_PRESERVE, VALUE_ASK,
       VALUE_NO_CLOBBER, VALUE_UPDATE, VALUE_BACKUP, VALUE_SUFFIX, VALUE_SPARSE,
       VALUE_REFLINK, VALUE_CONTEXT, VALUE_PROGRESS, VALUE_EXCLUDE, VALUE_EXCLUDE_FROM,
       VALUE_LIST, VALUE_FAILED, VALUE_RATE };

static struct option_values values;

static struct poptOption existing[] = {
	{ "force", 'f', POPT_ARG_NONE, &values.force, 0,
	  "remove a destination that can't be opened, and try again", NULL },
	{ "interactive", 'i', POPT_ARG_NONE, NULL, VALUE_ASK,
	  "ask before replacing a file", NULL },
	{ "no-clobber", 'n', POPT_ARG_NONE, NULL, VALUE_NO_CLOBBER,
	  "leave existing files alone", NULL },
	{ NULL, 'u', POPT_ARG_NONE, NULL, VALUE_UPDATE,
	  "--update=older", NULL },
	{ "update", '\0', POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL, NULL, VALUE_UPDATE,
	  "replace which existing files: all, none, none-fail (and that is an error), older "
	  "(the default of this option) or changed (in size or time)", "WHICH" },
	{ NULL, 'b', POPT_ARG_NONE, NULL, VALUE_BACKUP,
	  "--backup, as $VERSION_CONTROL says", NULL },
	{ "backup", '\0', POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL, NULL, VALUE_BACKUP,
	  "keep what is replaced under another name: none (off), numbered (t), existing (nil), "
	  "simple (never)", "CONTROL" },
	{ "suffix", 'S', POPT_ARG_STRING, NULL, VALUE_SUFFIX,
	  "of simple backups, instead of ~", "SUFFIX" },
	{ "remove-destination", '\0', POPT_ARG_NONE, &values.remove_destination, 0,
	  "replace each existing destination, rather than write over it", NULL },
	POPT_TABLEEND
};

static struct poptOption copying[] = {
	{ "target-directory", 't', POPT_ARG_STRING, NULL, VALUE_TARGET,
	  "copy all SOURCEs into DIRECTORY", "DIRECTORY" },
	{ "no-target-directory", 'T', POPT_ARG_NONE, &values.no_target_directory, 0,
	  "treat DEST as a file, never as a directory to fill", NULL },
	{ "strip-trailing-slashes", '\0', POPT_ARG_NONE, &values.strip_trailing_slashes,
	  0,
	  "remove slashes behind each SOURCE", NULL },
	{ "parents", '\0', POPT_ARG_NONE, &values.parents, 0,
	  "use the full name of each source below DIRECTORY", NULL },
	{ "path", '\0', POPT_ARG_NONE | POPT_ARGFLAG_DOC_HIDDEN, &values.parents, 0,
	  "the same, as cp once called it", NULL },
	{ "link", 'l', POPT_ARG_NONE, &values.link, 0,
	  "make hard links instead of copies", NULL },
	{ "symbolic-link", 's', POPT_ARG_NONE, &values.symbolic_link, 0,
	  "make symbolic links instead of copies", NULL },
	{ "attributes-only", '\0', POPT_ARG_NONE, &values.attributes_only, 0,
	  "copy no content, only what else is preserved", NULL },
	{ "sparse", '\0', POPT_ARG_STRING, NULL, VALUE_SPARSE,
	  "holes: auto (where the source has them), always (also for zeros) or never",
	  "WHEN" },
	{ "reflink", '\0', POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL, NULL, VALUE_REFLINK,
	  "share blocks with the source: auto (where that can be), always (the default of this "
	  "option) or never", "WHEN" },
	POPT_TABLEEND
};

static struct poptOption promises[] = {
	{ "atomic", '\0', POPT_ARG_NONE, &values.atomic, 0,
	  "replace an existing file only by a whole one", NULL },
	{ "fsync", '\0', POPT_ARG_NONE, &values.fsync, 0,
	  "wait until files and directory entries are on the device", NULL },
	POPT_TABLEEND
};

static struct poptOption choosing[] = {
	{ "exclude", '\0', POPT_ARG_STRING, NULL, VALUE_EXCLUDE,
	  "leave out files by their names, or by their paths if PATTERN has a slash",
	  "PATTERN" },
	{ "exclude-from", '\0', POPT_ARG_STRING, NULL, VALUE_EXCLUDE_FROM,
	  "the same for each line of FILE", "FILE" },
	{ "files0-from", '\0', POPT_ARG_STRING, NULL, VALUE_LIST,
	  "copy the SOURCEs that are named in FILE, each with a NUL behind it", "FILE" },
	{ "dry-run", 'N', POPT_ARG_NONE, &values.dry_run, 0,
	  "say what would be done, and change nothing", NULL },
	POPT_TABLEEND
};

static struct poptOption trees[] = {
	{ "archive", 'a', POPT_ARG_NONE, NULL, VALUE_ARCHIVE,
	  "copy everything there is: -dR --preserve=all", NULL },
	{ "recursive", 'r', POPT_ARG_NONE, &values.recursive, 0,
	  "copy directories and what is in them", NULL },
	{ NULL, 'R', POPT_ARG_NONE, &values.recursive, 0,
	  "the same", NULL },
	{ "one-file-system", 'x', POPT_ARG_NONE, &values.one_file_system, 0,
	  "stay on the file system of each SOURCE", NULL },
	{ "no-dereference", 'P', POPT_ARG_NONE, NULL, VALUE_NO_FOLLOW,
	  "copy symbolic links as such", NULL },
	{ "dereference", 'L', POPT_ARG_NONE, NULL, VALUE_FOLLOW,
	  "copy what symbolic links lead to", NULL },
	{ NULL, 'H', POPT_ARG_NONE, NULL, VALUE_FOLLOW_OPERANDS,
	  "do so for those that are operands", NULL },
	{ NULL, 'd', POPT_ARG_NONE, NULL, VALUE_D,
	  "-P --preserve=links", NULL },
	{ "copy-contents", '\0', POPT_ARG_NONE, &values.copy_contents, 0,
	  "with -r, read pipes and devices like files", NULL },
	{ "keep-directory-symlink", '\0', POPT_ARG_NONE, &values.keep_directory_symlink,
	 0,
	  "follow existing symbolic links to directories in DEST", NULL },
	POPT_TABLEEND
};

static struct poptOption keeping[] = {
	{ NULL, 'p', POPT_ARG_NONE, NULL, VALUE_P,
	  "--preserve=mode,ownership,timestamps", NULL },
	{ "preserve", '\0', POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL, NULL, VALUE_PRESERVE,
	  "keep what is listed: mode, ownership, timestamps (these without a list), links, "
	  "xattr, context, all", "LIST" },
	{ "no-preserve", '\0', POPT_ARG_STRING, NULL, VALUE_NO_PRESERVE,
	  "don't keep what is listed", "LIST" },
	{ NULL, 'Z', POPT_ARG_NONE, NULL, VALUE_CONTEXT,
	  "give each copy the SELinux security context that is usual where it is", NULL },
	{ "context", '\0', POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL, NULL, VALUE_CONTEXT,
	  "the same, or CTX", "CTX" },
	POPT_TABLEEND
};

static struct poptOption speed[] = {
	{ "jobs", 'j', POPT_ARG_STRING, NULL, VALUE_JOBS,
	  "worker processes (default: the CPUs you may use)", "N" },
	{ "chunk-size", '\0', POPT_ARG_STRING, NULL, VALUE_CHUNK,
	  "what a worker claims at a time (4M)", "SIZE" },
	{ "bwlimit", '\0', POPT_ARG_STRING, NULL, VALUE_RATE,
	  "move no more than RATE bytes a second, all workers together", "RATE" },
	{ "nocache", '\0', POPT_ARG_NONE, &values.nocache, 0,
	  "leave what was in memory before there, and nothing of the copy", NULL },
	{ "direct", '\0', POPT_ARG_NONE, &values.direct, 0,
	  "move large files past the page cache (O_DIRECT)", NULL },
	{ "engine", '\0', POPT_ARG_STRING, NULL, VALUE_ENGINE,
	  "how bytes move: auto, mmap, kernel or stream", "ENGINE" },
	POPT_TABLEEND
};

static struct poptOption telling[] = {
	{ "verbose", 'v', POPT_ARG_NONE, &values.verbose, 0,
	  "say what is copied where", NULL },
	{ "debug", '\0', POPT_ARG_NONE, &values.debug, 0,
	  "say how each file was copied and why; implies -v", NULL },
	{ "help", '\0', POPT_ARG_NONE, NULL, VALUE_HELP,
	  "show this help, and end", NULL },
	{ "version", '\0', POPT_ARG_NONE, NULL, VALUE_VERSION,
	  "show the version, and end", NULL },
	POPT_TABLEEND
};

static struct poptOption more[] = {
	{ NULL, 'g', POPT_ARG_NONE, NULL, VALUE_PROGRESS,
	  "--progress=always", NULL },
	{ "progress", '\0', POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL, NULL, VALUE_PROGRESS,
	  "show how far it is: auto (on a terminal, after a second), always (the default of "
	  "this option) or never", "WHEN" },
	{ "stats", '\0', POPT_ARG_NONE, &values.stats, 0,
	  "say at the end what was done, and how", NULL },
	{ "json", '\0', POPT_ARG_NONE, &values.json, 0,
	  "say it in JSON, and what becomes of each file", NULL },
	{ "failed-to", '\0', POPT_ARG_STRING, NULL, VALUE_FAILED,
	  "keep the names of sources that fail in FILE, for --files0-from", "FILE" },
	{ "usage", '\0', POPT_ARG_NONE, NULL, VALUE_USAGE,
	  "show the options in brief, and end", NULL },
	POPT_TABLEEND
};

static struct poptOption table[] = {
	{ NULL, '\0', POPT_ARG_INCLUDE_TABLE, copying, 0, "What is copied where:", NULL },
	{ NULL, '\0', POPT_ARG_INCLUDE_TABLE, existing, 0, "What exists:", NULL },
	{ NULL, '\0', POPT_ARG_INCLUDE_TABLE, trees, 0, "Directories and links:", NULL },
	{ NULL, '\0', POPT_ARG_INCLUDE_TABLE, keeping, 0, "What is kept:", NULL },
	{ NULL, '\0', POPT_ARG_INCLUDE_TABLE, telling, 0, "What is told:", NULL },
	{ NULL, '\0', POPT_ARG_INCLUDE_TABLE, choosing, ARGV_OURS, "What is left out:",
	 NULL },
	{ NULL, '\0', POPT_ARG_INCLUDE_TABLE, promises, ARGV_OURS, "What is promised:",
	 NULL },
	{ NULL, '\0', POPT_ARG_INCLUDE_TABLE, speed, ARGV_OURS, "How fast:", NULL },
	{ NULL, '\0', POPT_ARG_INCLUDE_TABLE, more, ARGV_OURS, "What is told besides:",
	 NULL },
	POPT_TABLEEND
};

/* By the name that we were called by, as cp does.  */
static void
print_forms(void)
{
	const char *const name = program_invocation_name;

	printf("Usage: %s [OPTION...] [-T] SOURCE DEST\n"
	       "  or:  %s [OPTION...] SOURCE... DIRECTORY\n"
	       "  or:  %s [OPTION...] -t DIRECTORY SOURCE...\n", name, name, name);
}

static void
print_version(void)
{
	puts(PACKAGE_NAME " " PACKAGE_VERSION "\n"
	     "Copyright (C) 2026 the mmcp authors\n"
	     "License GPLv3+: GNU GPL version 3 or later "
	     "<https://gnu.org/licenses/gpl.html>.\n"
	     "This is free software: you are free to change and redistribute it.\n"
	     "There is NO WARRANTY, to the extent permitted by law.");
}

/* Say what popt stumbled over.  The rest was said when the command line was expanded.  */
static void
report_bad_option(poptContext context, int error)
{
	const char *const option = poptBadOption(context, 0);

	locale_begin();		/* popt has words, too */
	if (error != POPT_ERROR_BADOPT)
		message_usage("%s: %s", quote(option), poptStrerror(error));
	else if (strncmp(option, "--", 2) == 0)
		message_usage("unrecognized option %s", quote_option(option));
	else
		message_usage("invalid option -- %s", quote_option(option + 1));
}

/* ---- what is kept ---- */

enum kept { KEEP_MODE, KEEP_TIMES, KEEP_OWNER, KEEP_LINKS, KEEP_CONTEXT, KEEP_XATTR,
	   KEEP_ALL };

static const struct keyword kept_keywords[] = {
	{ "mode", KEEP_MODE }, { "timestamps", KEEP_TIMES }, { "ownership", KEEP_OWNER },
	{ "links", KEEP_LINKS }, { "context", KEEP_CONTEXT }, { "xattr", KEEP_XATTR },
	{ "all", KEEP_ALL }, { NULL, 0 },
};

static void
keep_basics(void)
{
	values.meta.mode = values.meta.owner = values.meta.times = true;
}

/* Keep (or not) WHAT.  */
static void
keep(enum kept what, bool on)
{
	switch (what) {
	case KEEP_MODE:
		values.meta.mode = on;
		values.meta.default_mode = !on;
		break;
	case KEEP_TIMES:
		values.meta.times = on;
		break;
	case KEEP_OWNER:
		values.meta.owner = on;
		break;
	case KEEP_LINKS:
		values.preserve_links = on;
		break;
	case KEEP_CONTEXT:
		values.meta.context.keep = values.meta.context.needed = on;
		break;
	case KEEP_XATTR:
		values.meta.attributes = values.meta.attributes_needed = on;
		break;
	case KEEP_ALL:
		values.meta.mode = values.meta.times = values.meta.owner = on;
		values.meta.default_mode = !on;
		values.meta.attributes = values.meta.context.keep = on;
		values.preserve_links = on;
		break;
	}
}

/* Keep (or not) what LIST names, with commas between.  0, or -1 and it was said.  */
static int
keep_listed(const char *option, char *list, bool on)
{
	char *word;

	while ((word = strsep(&list, ",")) != NULL) {
		const int what = keyword_match(option, word, kept_keywords);
		if (what < 0)
			return -1;
		keep((enum kept) what, on);
	}
	return 0;
}

/* ---- other words ---- */

static const struct keyword update_keywords[] = {
	{ "all", UPDATE_ALL }, { "none", UPDATE_NONE }, { "none-fail", UPDATE_NONE_FAIL },
	{ "older", UPDATE_OLDER }, { "changed", UPDATE_CHANGED }, { NULL, 0 },
};

static const struct keyword sparse_keywords[] = {
	{ "never", SPARSE_NEVER }, { "auto", SPARSE_AUTO }, { "always", SPARSE_ALWAYS },
	{ NULL, 0 },
};

static const struct keyword reflink_keywords[] = {
	{ "auto", REFLINK_AUTO }, { "always", REFLINK_ALWAYS },
		{ "never", REFLINK_NEVER },
	{ NULL, 0 },
};

static const struct keyword engine_keywords[] = {
	{ "auto", ENGINE_AUTO }, { "mmap", ENGINE_MMAP }, { "kernel", ENGINE_KERNEL },
	{ "stream", ENGINE_STREAM }, { NULL, 0 },
};
static_assert(sizeof engine_keywords / sizeof *engine_keywords == ENGINES + 1,
	"a word each");

static const struct keyword progress_keywords[] = {
	{ "auto", PROGRESS_AUTO }, { "always", PROGRESS_ALWAYS },
		{ "never", PROGRESS_NEVER },
	{ NULL, 0 },
};

/* Options whose argument is a word; OTHERWISE is what they mean without one.  */
static const struct choice {
	int value;
	const char *option;
	const struct keyword *words;
	int otherwise;
	int *taken;
} choices[] = {
	{ VALUE_UPDATE, "--update", update_keywords, UPDATE_OLDER, &values.update },
	{ VALUE_SPARSE, "--sparse", sparse_keywords, SPARSE_AUTO, &values.sparse },
	{ VALUE_REFLINK, "--reflink", reflink_keywords, REFLINK_ALWAYS, &values.reflink },
	{ VALUE_ENGINE, "--engine", engine_keywords, ENGINE_AUTO, &values.engine },
	{ VALUE_PROGRESS, "--progress", progress_keywords, PROGRESS_ALWAYS,
	 &values.progress },
};

static void
follow(enum dereference deref)
{
	values.dereference = deref;
	values.dereference_given = true;
}

static void
archive(void)
{
	keep_basics();
	follow(DEREFERENCE_NEVER);
	values.preserve_links = values.meta.attributes = values.meta.context.keep = true;
	values.meta.attributes_quiet = values.meta.context.quiet = true;
	values.recursive = 1;
}

/* ---- reading them ---- */

/* Take ARGUMENT into *TAKEN: the last of several.  */
static int
replace(char **taken, char *argument)
{
	free(*taken);
	*taken = argument;
	return 0;
}

/* -t may stand only once.  */
static int
take_target(char *argument)
{
	if (values.target_directory == NULL)
		return replace(&values.target_directory, argument);
	free(argument);
	message_error(0, "multiple target directories specified");
	return -1;
}

static int
take_list(const char *option, char *list, bool on)
{
	if (list == NULL) {
		keep_basics();
		return 0;
	}
	const int ret = keep_listed(option, list, on);
	free(list);
	return ret;
}

/* The row of option VALUE.  */
static const struct choice *
choice_of(int value)
{
	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
		if (choices[i].value == value)
			return &choices[i];
	abort();		/* An option without one would be ignored.  */
}

/* -Z, or --context=CONTEXT (ours to free); without SELinux that is nothing.  */
static int
take_context(char *context)
{
	if (selinux_is_enabled()) {
		if (context != NULL)
			return replace(&values.context, context);
		values.meta.context.usual = selinux_open_usual() == 0;
		if (!values.meta.context.usual)
			message_tell(errno, "warning: ignoring --context");
		return 0;
	}
	if (context != NULL)
		message_warning("ignoring --context; it requires an SELinux-enabled kernel");
	free(context);
	return 0;
}

/* Take option VALUE, whose ARGUMENT (ours to free) is a word.  0, or -1 and it was
   said.  */
static int
take_choice(int value, char *argument)
{
	const struct choice *const choice = choice_of(value);

	*choice->taken = argument == NULL ? choice->otherwise
		: keyword_match(choice->option, argument, choice->words);
	free(argument);
	return *choice->taken < 0 ? -1 : 0;
}

/* Leave out what is like ARGUMENT, or like a line of that file.  */
static int
take_exclude(char *argument, bool is_file)
{
	const int ret = (is_file ? exclude_add_file : exclude_add)(&values.exclude,
								   argument);

	values.stdin_taken = values.stdin_taken
		|| (is_file && strcmp(argument, "-") == 0);

	if (ret < 0)
		message_error(errno, is_file ? "cannot read %s" : "cannot exclude %s",
			      quote(argument));
	free(argument);
	return ret;
}

/* Take option VALUE.  0, or -1 and it was said.  */
static int
take(poptContext context, int value)
{
	char *const argument = argv_argument(poptGetOptArg(context));

	switch (value) {
	case VALUE_TARGET:
		return take_target(argument);
	case VALUE_JOBS:
		return replace(&values.jobs, argument);
	case VALUE_CHUNK:
		return replace(&values.chunk_size, argument);
	case VALUE_RATE:
		return replace(&values.bwlimit, argument);
	case VALUE_LIST:
		return replace(&values.files0_from, argument);
	case VALUE_FAILED:
		return replace(&values.failed_to, argument);
	case VALUE_EXCLUDE:
	case VALUE_EXCLUDE_FROM:
		return take_exclude(argument, value == VALUE_EXCLUDE_FROM);
	case VALUE_ARCHIVE:
		archive();
		break;
	case VALUE_D:
		values.preserve_links = true;
		follow(DEREFERENCE_NEVER);
		break;
	case VALUE_NO_FOLLOW:
		follow(DEREFERENCE_NEVER);
		break;
	case VALUE_FOLLOW:
		follow(DEREFERENCE_ALWAYS);
		break;
	case VALUE_FOLLOW_OPERANDS:
		follow(DEREFERENCE_OPERANDS);
		break;
	case VALUE_P:
		keep_basics();
		break;
	case VALUE_PRESERVE:
		return take_list("--preserve", argument, true);
	case VALUE_NO_PRESERVE:
		return take_list("--no-preserve", argument, false);
	case VALUE_ASK:
	case VALUE_NO_CLOBBER:
		values.interactive = value == VALUE_ASK;
		values.no_clobber = value == VALUE_NO_CLOBBER;
		break;
	case VALUE_BACKUP:
		values.backup = true;
		return argument == NULL ? 0 : replace(&values.backup_control, argument);
	case VALUE_SUFFIX:
		values.backup = true;
		return replace(&values.suffix, argument);
	case VALUE_CONTEXT:
		return take_context(argument);
	default:
		return take_choice(value, argument);
	}
	return 0;
}

/* Print TEXT a line at a time: if the device is full, it has to be the last write that
   fails, whose reason is told.  */
static void
print_lines(const char *text)
{
	for (size_t len; *text != '\0'; text += len) {
		len = strcspn(text, "\n");
		len += text[len] == '\n';
		fwrite(text, 1, len, stdout);
	}
}

/* What popt's PRINT says of the options, behind its own first words, which have our name
   without its directory.  To be freed; NULL where there is no memory.  */
static char *
describe_options(poptContext context, void (*print)(poptContext, FILE *, int))
{
	char *text = NULL;
	size_t size;
	FILE *const out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	print(context, out, 0);
	return fclose(out) == 0 ? text : NULL;
}

static void
print_help(poptContext context)
{
	char *const text = describe_options(context, poptPrintHelp);

	print_forms();
	if (text != NULL)
		print_lines(text + strcspn(text, "\n") + 1);
	free(text);
}

static void
print_usage(poptContext context)
{
	char *const text = describe_options(context, poptPrintUsage);

	print_forms();
	if (text != NULL && strchr(text, '[') != NULL) {
		printf("        ");
		print_lines(strchr(text, '['));
	}
	free(text);
}

static enum options_answer
help(poptContext context, int value)
{
	locale_begin();
	if (value == VALUE_VERSION)
		print_version();
	else if (value == VALUE_HELP)
		print_help(context);
	else
		print_usage(context);
	return OPTIONS_DONE;
}

enum options_answer
options_read(struct options *options, int argc, char **argv)
{
	int value;

	memset(options, 0, sizeof *options);
	if (argv_expand(table, argc, argv, &options->expanded) < 0)
		return OPTIONS_BAD;
	const poptContext context = poptGetContext(PACKAGE_NAME, options->expanded.argc,
						   (const char **) options->expanded.argv,
						   table,
						   POPT_CONTEXT_NO_EXEC);
	options->context = context;
	aliases_read(context);
	while ((value = poptGetNextOpt(context)) > 0)
		if (value <= VALUE_VERSION)
			return help(context, value);
		else if (take(context, value) < 0)
			return OPTIONS_BAD;
	if (value < -1) {
		report_bad_option(context, value);
		return OPTIONS_BAD;
	}
	if (policies_interpret(&values, options) < 0)
		return OPTIONS_BAD;
	const char **const rest = poptGetArgs(context);
	options->operand = rest;
	while (rest != NULL && rest[options->count] != NULL)
		options->count++;
	return OPTIONS_GO;
}

void
options_free(struct options *options)
{
	free(values.target_directory);
	free(values.backup_control);
	free(values.suffix);
	free(values.jobs);
	free(values.chunk_size);
	free(values.bwlimit);
	free(values.files0_from);
	free(values.failed_to);
	free(values.context);
	exclude_free(&values.exclude);
	memset(&values, 0, sizeof values);
	if (options->context != NULL)
		poptFreeContext(options->context);
	argv_free(&options->expanded);
}
