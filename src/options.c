/* SPDX-License-Identifier: GPL-3.0-or-later */
/* options.c: the popt tables, and what they may not say.  An option is one line here;
   raw takes what popt finds and becomes the const policies that the modules see.  */
#include "config.h"

#include "options.h"

#include <errno.h>
#include <limits.h>
#include <popt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "msg.h"
#include "quote.h"
#include "tally.h"
#include "units.h"

/* popt stores flags through int *, and strings as copies that are ours.  */
static struct {
	int force, no_clobber, remove, atomic, verbose, debug, fsync, no_target;
	char *target, *jobs, *chunk, *engine;
} raw;

enum { VALUE_HELP = 1, VALUE_USAGE, VALUE_VERSION, VALUE_TARGET, VALUE_JOBS, VALUE_CHUNK,
       VALUE_ENGINE };

static struct poptOption copying[] = {
	{ "force", 'f', POPT_ARG_NONE, &raw.force, 0,
	  "remove a destination that can't be opened, and try again", NULL },
	{ "no-clobber", 'n', POPT_ARG_NONE, &raw.no_clobber, 0,
	  "leave existing files alone", NULL },
	{ "remove-destination", '\0', POPT_ARG_NONE, &raw.remove, 0,
	  "remove each existing destination before opening it", NULL },
	{ "target-directory", 't', POPT_ARG_STRING, NULL, VALUE_TARGET,
	  "copy all SOURCEs into DIRECTORY", "DIRECTORY" },
	{ "no-target-directory", 'T', POPT_ARG_NONE, &raw.no_target, 0,
	  "treat DEST as a file, never as a directory to fill", NULL },
	{ "atomic", '\0', POPT_ARG_NONE, &raw.atomic, 0,
	  "replace an existing file only by a whole one", NULL },
	{ "fsync", '\0', POPT_ARG_NONE, &raw.fsync, 0,
	  "wait until files and directory entries are on the device", NULL },
	POPT_TABLEEND
};

static struct poptOption speed[] = {
	{ "jobs", 'j', POPT_ARG_STRING, NULL, VALUE_JOBS,
	  "worker processes (default: the CPUs you may use)", "N" },
	{ "chunk-size", '\0', POPT_ARG_STRING, NULL, VALUE_CHUNK,
	  "what a worker claims at a time (16M)", "SIZE" },
	{ "engine", '\0', POPT_ARG_STRING, NULL, VALUE_ENGINE,
	  "how bytes move: auto, mmap, kernel or stream", "ENGINE" },
	POPT_TABLEEND
};

static struct poptOption telling[] = {
	{ "verbose", 'v', POPT_ARG_NONE, &raw.verbose, 0,
	  "say what is copied where", NULL },
	{ "debug", '\0', POPT_ARG_NONE, &raw.debug, 0,
	  "say how each file was copied and why; implies -v", NULL },
	{ "help", '\0', POPT_ARG_NONE, NULL, VALUE_HELP,
	  "show this help, and end", NULL },
	{ "usage", '\0', POPT_ARG_NONE, NULL, VALUE_USAGE,
	  "show the options in brief, and end", NULL },
	{ "version", '\0', POPT_ARG_NONE, NULL, VALUE_VERSION,
	  "show the version, and end", NULL },
	POPT_TABLEEND
};

static struct poptOption table[] = {
	{ NULL, '\0', POPT_ARG_INCLUDE_TABLE, copying, 0, "What is copied where:", NULL },
	{ NULL, '\0', POPT_ARG_INCLUDE_TABLE, speed, 0, "How fast:", NULL },
	{ NULL, '\0', POPT_ARG_INCLUDE_TABLE, telling, 0, "What is told:", NULL },
	POPT_TABLEEND
};

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

/* Whether one of our tables has the short option C.  */
static bool
known_short(char c)
{
	for (const struct poptOption *group = table; group->arg != NULL; group++)
		for (const struct poptOption *o = group->arg;
		     o->longName != NULL || o->shortName != '\0'; o++)
			if (o->shortName == c)
				return true;
	return false;
}

/* Say what popt stumbled over, as getopt_long would have.  */
static void
report_bad_option(poptContext context, int error)
{
	const char *const option = poptBadOption(context, 0);
	const bool is_long = strncmp(option, "--", 2) == 0;
	const char *shorts = option + 1;

	while (!is_long && shorts[0] != '\0' && shorts[1] != '\0' && known_short(*shorts))
		shorts++;
	switch (error) {
	case POPT_ERROR_BADOPT:
		if (is_long)
			msg_usage("unrecognized option %s", quote(option));
		else
			msg_usage("invalid option -- %s", quote((char[]) { *shorts, '\0' }));
		break;
	case POPT_ERROR_NOARG:
		if (is_long)
			msg_usage("option %s requires an argument", quote(option));
		else
			msg_usage("option requires an argument -- '%c'",
				  option[strlen(option) - 1]);
		break;
	case POPT_ERROR_UNWANTEDARG: {
		const int len = (int) strcspn(option, "=");
		msg_usage("option '%.*s' doesn't allow an argument", len, option);
		break;
	}
	default:
		msg_usage("%s: %s", quote(option), poptStrerror(error));
		break;
	}
}

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
		msg_usage("invalid --%s argument %s", name, quote(text));
		break;
	case UNITS_BAD_SUFFIX:
		msg_usage("invalid suffix in --%s argument %s", name, quote(text));
		break;
	case UNITS_TOO_LARGE:
		msg_usage("--%s argument %s too large", name, quote(text));
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
		msg_usage("invalid number of jobs: %s", quote(text));
		return -1;
	}
	*jobs = n > WORKERS_MAX ? WORKERS_MAX : (unsigned) n;
	return 0;
}

static int
read_engine(const char *text, enum engine *engine)
{
	if (plan_parse_engine(text, engine) == 0)
		return 0;
	msg_usage("invalid argument %s for '--engine'; "
		  "valid are 'auto', 'mmap', 'kernel' and 'stream'", quote(text));
	return -1;
}

/* What raw means.  0, or -1 and it was said.  */
static int
interpret(struct options *options)
{
	struct plan_policy *const plan = &options->copy.plan;

	options->copy.dest = (struct dest_policy) {
		.force = raw.force, .no_clobber = raw.no_clobber,
		.remove = raw.remove, .atomic = raw.atomic, .fsync = raw.fsync,
	};
	options->copy.debug = raw.debug;
	options->copy.verbose = raw.verbose || raw.debug;
	options->operands = (struct operands_policy) {
		.target = raw.target, .no_target = raw.no_target,
	};
	if (raw.atomic && raw.remove) {
		msg_usage("cannot combine --atomic and --remove-destination");
		return -1;
	}
	if (raw.jobs != NULL && read_jobs(raw.jobs, &plan->jobs) < 0)
		return -1;
	if (raw.chunk != NULL && read_size("chunk-size", raw.chunk, &plan->chunk) < 0)
		return -1;
	if (raw.engine != NULL && read_engine(raw.engine, &plan->engine) < 0)
		return -1;
	return 0;
}

/* Take the argument of option VALUE: the last of several, but for -t, which may stand only
   once.  0, or -1 and it was said.  */
static int
take_argument(poptContext context, int value)
{
	char **const taken = value == VALUE_JOBS ? &raw.jobs : value == VALUE_CHUNK ? &raw.chunk
		: value == VALUE_ENGINE ? &raw.engine : &raw.target;

	if (value == VALUE_TARGET && *taken != NULL) {
		msg_error(0, "multiple target directories specified");
		return -1;
	}
	free(*taken);
	*taken = poptGetOptArg(context);
	return 0;
}

static enum options_answer
help(poptContext context, int value)
{
	if (value == VALUE_HELP)
		poptPrintHelp(context, stdout, 0);
	else if (value == VALUE_USAGE)
		poptPrintUsage(context, stdout, 0);
	else
		print_version();
	return OPTIONS_DONE;
}

enum options_answer
options_read(struct options *options, int argc, char **argv)
{
	int value;

	memset(options, 0, sizeof *options);
	const poptContext context = poptGetContext(PACKAGE_NAME, argc, (const char **) argv,
						   table, 0);
	options->context = context;
	poptSetOtherOptionHelp(context, "[OPTION...] [-T] SOURCE DEST\n"
			       "  or:  " PACKAGE_NAME " [OPTION...] SOURCE... DIRECTORY\n"
			       "  or:  " PACKAGE_NAME " [OPTION...] -t DIRECTORY SOURCE...");
	while ((value = poptGetNextOpt(context)) > 0)
		if (value <= VALUE_VERSION)
			return help(context, value);
		else if (take_argument(context, value) < 0)
			return OPTIONS_BAD;
	if (value < -1) {
		report_bad_option(context, value);
		return OPTIONS_BAD;
	}
	if (interpret(options) < 0)
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
	free(raw.target);
	free(raw.jobs);
	free(raw.chunk);
	free(raw.engine);
	memset(&raw, 0, sizeof raw);
	poptFreeContext(options->context);
}
