/* SPDX-License-Identifier: GPL-3.0-or-later */
/* take.c: what each option does to struct options, where it is met on the command
   line.  */
#include "config.h"

#include "cli/take.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/counts.h"
#include "base/units.h"
#include "cli/options.h"
#include "file/selinux.h"
#include "report/usage.h"

/* ---- what many options share ---- */

static void *
identifier(struct options *options, const struct option *option)
{
	return (char *) options + option->at;
}

int
take_flag(struct options *options, const struct option *option, char *argument)
{
	(void) argument;
	*(bool *) identifier(options, option) = true;
	return 0;
}

int
take_value(struct options *options, const struct option *option, char *argument)
{
	(void) argument;
	*(unsigned *) identifier(options, option) = (unsigned) option->value;
	return 0;
}

int
take_word(struct options *options, const struct option *option, char *argument)
{
	if (argument == NULL)
		return take_value(options, option, argument);
	const int value = keyword_match_option(option->name, argument, option->keywords);
	if (value < 0)
		return -1;
	*(unsigned *) identifier(options, option) = (unsigned) value;
	return 0;
}

int
take_engine(struct options *options, const struct option *option, char *argument)
{
	const int value = keyword_match_option(option->name, argument, option->keywords);

	if (value < 0)
		return -1;
	*(const struct engine **) identifier(options, option) = value == TAKE_ENGINE_AUTO
		? NULL : &engines[value - 1];
	return 0;
}

int
take_text(struct options *options, const struct option *option, char *argument)
{
	*(const char **) identifier(options, option) = argument;
	return 0;
}

/* Store ARGUMENT, which PARSE reads.  */
static int
store_bytes(struct options *options, const struct option *option, const char *argument,
	enum units_error (*parse)(const char *text, uint64_t *bytes))
{
	uint64_t *const bytes = identifier(options, option);
	const enum units_error result = parse(argument, bytes);

	if (result == UNITS_OK && *bytes > 0)
		return 0;
	usage_bad_size(option->name, argument, result);
	return -1;
}

int
take_size(struct options *options, const struct option *option, char *argument)
{
	return store_bytes(options, option, argument, units_parse_size);
}

int
take_rate(struct options *options, const struct option *option, char *argument)
{
	return store_bytes(options, option, argument, units_parse_rate);
}

/* ---- what is copied where ---- */

int
take_target_directory(struct options *options, const struct option *option,
	char *argument)
{
	(void) option;
	if (options->operands.target_directory != NULL) {
		usage_many_target_directories();
		return -1;
	}
	options->operands.target_directory = argument;
	return 0;
}

/* ---- what exists ---- */

/* The last one of -i and -n counts.  */
static int
take_either(struct options *options, bool interactive)
{
	options->entry.interactive = interactive;
	options->no_clobber = !interactive;
	return 0;
}

int
take_interactive(struct options *options, const struct option *option, char *argument)
{
	(void) option, (void) argument;
	return take_either(options, true);
}

int
take_no_clobber(struct options *options, const struct option *option, char *argument)
{
	(void) option, (void) argument;
	return take_either(options, false);
}

int
take_backup(struct options *options, const struct option *option, char *argument)
{
	(void) option;
	options->backup = true;
	if (argument != NULL)
		options->backup_control = argument;
	return 0;
}

int
take_suffix(struct options *options, const struct option *option, char *argument)
{
	(void) option;
	options->backup = true;
	options->copy.backup.suffix = argument;
	return 0;
}

/* ---- directories and links ---- */

int
take_d(struct options *options, const struct option *option, char *argument)
{
	(void) option, (void) argument;
	options->entry.preserve_links = true;
	options->entry.dereference = DEREFERENCE_NEVER;
	return 0;
}

int
take_archive(struct options *options, const struct option *option, char *argument)
{
	struct metadata_policy *const meta = &options->copy.meta;

	take_d(options, option, argument);
	options->entry.recursive = true;
	meta->mode = meta->owner = meta->times = true;
	meta->attributes = meta->context.keep = true;
	meta->attributes_quiet = meta->context.quiet = true;
	return 0;
}

/* ---- what is kept ---- */

static void
preserve_mode(struct metadata_policy *meta, bool on)
{
	meta->mode = on;
	meta->default_mode = !on;
}

/* Preserve WHAT, or don't, as ON says.  */
static void
preserve(struct options *options, enum preserve what, bool on)
{
	struct metadata_policy *const meta = &options->copy.meta;

	switch (what) {
	case PRESERVE_MODE:
		preserve_mode(meta, on);
		break;
	case PRESERVE_TIMESTAMPS:
		meta->times = on;
		break;
	case PRESERVE_OWNERSHIP:
		meta->owner = on;
		break;
	case PRESERVE_LINKS:
		options->entry.preserve_links = on;
		break;
	case PRESERVE_CONTEXT:
		meta->context.keep = meta->context.needed = on;
		break;
	case PRESERVE_XATTR:
		meta->attributes = meta->attributes_needed = on;
		break;
	case PRESERVE_ALL:
		preserve_mode(meta, on);
		meta->times = meta->owner = meta->attributes = meta->context.keep = on;
		options->entry.preserve_links = on;
		break;
	}
}

/* Preserve what LIST names, with commas between, or don't.  Return 0; or -1 if a word is
   unknown, which was reported.  */
static int
preserve_listed(struct options *options, const struct option *option, char *list, bool on)
{
	char *word;

	while ((word = strsep(&list, ",")) != NULL) {
		const int what = keyword_match_option(option->name, word,
						      option->keywords);
		if (what < 0)
			return -1;
		preserve(options, (enum preserve) what, on);
	}
	return 0;
}

int
take_preserve(struct options *options, const struct option *option, char *argument)
{
	struct metadata_policy *const meta = &options->copy.meta;

	if (argument != NULL)
		return preserve_listed(options, option, argument, true);
	meta->mode = meta->owner = meta->times = true;
	return 0;
}

int
take_no_preserve(struct options *options, const struct option *option, char *argument)
{
	return preserve_listed(options, option, argument, false);
}

int
take_context(struct options *options, const struct option *option, char *argument)
{
	struct context_policy *const context = &options->copy.meta.context;

	(void) option;
	if (!selinux_is_enabled()) {
		if (argument != NULL)
			usage_ignores_context();
	} else if (argument != NULL) {
		options->context = argument;
	} else {
		context->usual = selinux_open_usual() == 0;
		if (!context->usual)
			usage_ignores_usual_context(errno);
	}
	return 0;
}

/* ---- what is left out ---- */

int
take_pattern(struct options *options, const struct option *option, char *argument)
{
	if (exclude_add(&options->exclude, argument, option->value == TAKE_INCLUDED) == 0)
		return 0;
	if (errno == EINVAL)
		usage_empty_pattern(option->name, argument);
	else
		usage_cannot_take(option->name, argument, errno);
	return -1;
}

int
take_exclude_from(struct options *options, const struct option *option, char *argument)
{
	(void) option;
	if (strcmp(argument, "-") == 0)
		options->exclude_from_stdin = true;
	if (exclude_add_file(&options->exclude, argument) == 0)
		return 0;
	if (errno == EILSEQ)
		usage_pattern_has_nul(argument);
	else
		usage_cannot_read(argument, errno);
	return -1;
}

int
take_files_from(struct options *options, const struct option *option, char *argument)
{
	options->files0_option = option;
	return take_text(options, option, argument);
}

/* ---- how fast ---- */

int
take_jobs(struct options *options, const struct option *option, char *argument)
{
	char *end;

	(void) option;
	const unsigned long n = strtoul(argument, &end, 10);
	if (*argument < '0' || *argument > '9' || *end != '\0' || n == 0) {
		usage_bad_jobs(argument);
		return -1;
	}
	options->copy.plan.jobs = n > WORKERS_MAX ? WORKERS_MAX : (unsigned) n;
	return 0;
}
