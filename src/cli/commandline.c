/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commandline.c: read the command line by popt, whose tables are made from ours.  */
#include "config.h"

#include "cli/commandline.h"

#include <popt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/aliases.h"
#include "cli/combine.h"
#include "cli/option.h"
#include "report/locale.h"
#include "report/usage.h"

/* popt's tables: one for each group, each with an empty row at its end, and one that
   includes them.  popt gives back an option's index in our table, plus 1.  */
static struct poptOption groups[OPTION_GROUPS + 1];
static struct poptOption rows[OPTIONS_MOST + OPTION_GROUPS];

static struct poptOption
popt_row(const struct option *option, size_t index)
{
	return (struct poptOption) {
		.longName = option->name, .shortName = option->letter,
		.argInfo = (option->argument != NULL ? POPT_ARG_STRING : POPT_ARG_NONE)
			| (option->optional ? POPT_ARGFLAG_OPTIONAL : 0)
			| (option->hidden ? POPT_ARGFLAG_DOC_HIDDEN : 0),
		.val = (int) index + 1,
		.descrip = option->help, .argDescrip = option->argument,
	};
}

static void
make_tables(void)
{
	struct poptOption *row = rows;
	size_t i = 0;

	for (int group = 0; group < OPTION_GROUPS; group++) {
		groups[group] = (struct poptOption) {
			.argInfo = POPT_ARG_INCLUDE_TABLE, .arg = row,
			.descrip = option_titles[group].text,
		};
		for (; i < option_count && (int) option_table[i].group == group; i++)
			*row++ = popt_row(&option_table[i], i);
		row++;		/* stays empty */
	}
}

/* Report what popt didn't accept.  argv_expand has reported all but unknown options and
   bad aliases.  */
static void
report_bad_option(poptContext context, int error)
{
	const char *const option = poptBadOption(context, 0);

	locale_begin();		/* popt's reasons are translated, too */
	if (error == POPT_ERROR_BADOPT)
		usage_unknown_option(option);
	else
		usage_bad_option(option, poptStrerror(error));
}

/* Obey the option of INDEX, with the argument that popt has for it.  Return as
   option_take.  */
static int
take(struct options *options, size_t index, poptContext context)
{
	const struct option *const option = &option_table[index];
	char *const argument = argv_argument(poptGetOptArg(context));
	char *const before = options->argument[index];

	if (argument != NULL)
		options->argument[index] = argument;
	const int ret = option->late ? 0 : option->take(options, option, argument);
	if (argument != NULL)
		free(before);
	return ret;
}

/* Obey the options that are late.  Return 0, or -1 if something is wrong, which was
   reported.  */
static int
take_late(struct options *options)
{
	for (size_t i = 0; i < option_count; i++)
		if (option_table[i].late && options->argument[i] != NULL
		    && option_table[i].take(options, &option_table[i],
					    options->argument[i]) < 0)
			return -1;
	return 0;
}

static enum commandline
read_options(struct options *options, poptContext context)
{
	int index;

	while ((index = poptGetNextOpt(context)) > 0) {
		const int ret = take(options, (size_t) index - 1, context);
		if (ret != 0)
			return ret == OPTION_ENDS ? COMMANDLINE_DONE : COMMANDLINE_BAD;
	}
	if (index < -1) {
		report_bad_option(context, index);
		return COMMANDLINE_BAD;
	}
	return combine_check(options) < 0 || take_late(options) < 0
		|| combine_settle(options) < 0 ? COMMANDLINE_BAD : COMMANDLINE_COPY;
}

enum commandline
commandline_read(struct options *options, int argc, char **argv)
{
	memset(options, 0, sizeof *options);
	options->entry.dereference = DEREFERENCES;	/* not chosen yet */
	if (argv_expand(argc, argv, &options->expanded) < 0)
		return COMMANDLINE_BAD;
	make_tables();
	const poptContext context = poptGetContext(PACKAGE_NAME, options->expanded.argc,
						   (const char **) options->expanded.argv,
						   groups, POPT_CONTEXT_NO_EXEC);
	options->popt = context;
	aliases_read(context);
	const enum commandline asked = read_options(options, context);
	if (asked != COMMANDLINE_COPY)
		return asked;
	options->operand = poptGetArgs(context);
	while (options->operand != NULL && options->operand[options->count] != NULL)
		options->count++;
	return COMMANDLINE_COPY;
}

void
commandline_free(struct options *options)
{
	for (size_t i = 0; i < option_count; i++)
		free(options->argument[i]);
	exclude_free(&options->exclude);
	if (options->popt != NULL)
		poptFreeContext(options->popt);
	argv_free(&options->expanded);
}
