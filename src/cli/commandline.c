/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commandline.c: read the command line by popt, whose tables are made from ours.  */
#include "config.h"

#include "cli/commandline.h"

#include <popt.h>
#include <stdlib.h>
#include <string.h>

#include "base/fingerprint.h"
#include "base/locale.h"
#include "cli/aliases.h"
#include "cli/combine.h"
#include "cli/foreign.h"
#include "cli/option.h"
#include "cli/popttable.h"
#include "cli/similar.h"
#include "report/usage.h"

/* As if -jN came first: for builds whose tests are to have N workers.  */
#ifndef JOBS_DEFAULT
# define JOBS_DEFAULT 0
#endif

/* As if --verify came first: for builds whose tests are to raise no false alarm.  */
#ifndef VERIFY_DEFAULT
# define VERIFY_DEFAULT VERIFY_NEVER
#endif

/* Return what OPTION, which begins with two dashes, may mean: the name of an option,
   perhaps with an argument; or NULL.  */
static const char *
find_similar(const char *option)
{
	const size_t len = strcspn(option + 2, "=");
	const char *const known = foreign_option(option + 2, len);
	struct similar similar = similar_to(option + 2, len);

	if (known != NULL)
		return known;
	for (size_t i = 0; i < option_count; i++)
		if (option_table[i].name != NULL && !option_table[i].hidden)
			similar_try(&similar, option_table[i].name);
	return similar.found;
}

/* Return popt's ERROR in words, to be translated.  */
static const char *
reason_for(int error)
{
	switch (error) {
	case POPT_ERROR_NOARG:
		return N_("missing argument");
#ifdef POPT_ERROR_UNWANTEDARG	/* from popt 1.19 on */
	case POPT_ERROR_UNWANTEDARG:
		return N_("option does not take an argument");
#endif
	case POPT_ERROR_OPTSTOODEEP:
		return N_("aliases nested too deeply");
	default:
		return poptStrerror(error);
	}
}

/* Report what popt didn't accept.  argv_expand has reported all but unknown options and
   bad aliases.  */
static void
report_bad_option(poptContext context, int error)
{
	const char *const option = poptBadOption(context, 0);

	if (error == POPT_ERROR_BADOPT)
		usage_unknown_option(option, strncmp(option, "--", 2) == 0
				     ? find_similar(option) : NULL);
	else
		usage_bad_option(option, reason_for(error));
}

/* Obey the option of INDEX, with the argument that popt has for it.  Return as
   option_take.  */
static int
take(struct options *options, size_t index, poptContext context)
{
	const struct option *const option = &option_table[index];
	char *const argument = argv_argument(poptGetOptArg(context));
	char *const before = options->argument[index];

	options->sum = fingerprint_add_number(options->sum, index);
	if (argument != NULL) {
		options->argument[index] = argument;
		options->sum = fingerprint_add(options->sum, argument);
	}
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
	options->copy.plan.jobs = JOBS_DEFAULT;
	options->copy.plan.verify = VERIFY_DEFAULT;
	options->argc = argc;
	options->argv = argv;
	options->sum = FINGERPRINT_NONE;
	if (argv_expand(argc, argv, &options->expanded) < 0)
		return COMMANDLINE_BAD;
	const struct poptOption *const table = popttable_make();
	const poptContext context = poptGetContext(PACKAGE_NAME, options->expanded.argc,
						   (const char **) options->expanded.argv,
						   table, POPT_CONTEXT_NO_EXEC);
	options->popt = context;
	aliases_read(context);
	const enum commandline asked = read_options(options, context);
	if (asked != COMMANDLINE_COPY)
		return asked;
	options->operand = poptGetArgs(context);
	while (options->operand != NULL && options->operand[options->count] != NULL)
		options->sum = fingerprint_add(options->sum,
					       options->operand[options->count++]);
	return options->status == STATUS_NONE ? COMMANDLINE_COPY : COMMANDLINE_STATUS;
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
