/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help.c: --help, --usage and --version.  */
#include "config.h"

#include "cli/help.h"

#include <errno.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "report/locale.h"

/* Print the forms of a command line, with the name that we were called by (as cp).  */
static void
print_forms(void)
{
	const char *const name = program_invocation_name;

	printf("Usage: %s [OPTION...] [-T] SOURCE DEST\n"
	       "  or:  %s [OPTION...] SOURCE... DIRECTORY\n"
	       "  or:  %s [OPTION...] -t DIRECTORY SOURCE...\n", name, name, name);
}

/* Print TEXT a line at a time: if the device is full, the last write has to fail, because
   the reason that is reported is that one's.  */
static void
print_lines(const char *text)
{
	for (size_t len; *text != '\0'; text += len) {
		len = strcspn(text, "\n");
		len += text[len] == '\n';
		fwrite(text, 1, len, stdout);
	}
}

/* Return what popt's PRINT prints of the options, to be freed; NULL where there is no
   memory.  It begins with popt's own form, in which our name lacks its directory.  */
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

int
help_options(struct options *options, const struct option *option, char *argument)
{
	(void) option, (void) argument;
	locale_begin();
	char *const text = describe_options(options->popt, poptPrintHelp);
	print_forms();
	if (text != NULL)
		print_lines(text + strcspn(text, "\n") + 1);
	free(text);
	return OPTION_ENDS;
}

int
help_usage(struct options *options, const struct option *option, char *argument)
{
	(void) option, (void) argument;
	locale_begin();
	char *const text = describe_options(options->popt, poptPrintUsage);
	print_forms();
	if (text != NULL && strchr(text, '[') != NULL) {
		printf("        ");
		print_lines(strchr(text, '['));
	}
	free(text);
	return OPTION_ENDS;
}

int
help_version(struct options *options, const struct option *option, char *argument)
{
	(void) options, (void) option, (void) argument;
	locale_begin();
	puts(PACKAGE_NAME " " PACKAGE_VERSION "\n"
	     "Copyright (C) 2026 the mmcp authors\n"
	     "License GPLv3+: GNU GPL version 3 or later "
	     "<https://gnu.org/licenses/gpl.html>.\n"
	     "This is free software: you are free to change and redistribute it.\n"
	     "There is NO WARRANTY, to the extent permitted by law.");
	return OPTION_ENDS;
}
