/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help.c: --help, --usage and --version.  */
#include "config.h"

#include "cli/help.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/locale.h"
#include "cli/options.h"
#include "report/columns.h"

/* Print the forms of a command line, with the name that we were called by (as cp).  */
static void
print_forms(void)
{
	const char *const name = program_invocation_name;

	printf(_("Usage: %s [OPTION...] [-T] SOURCE DEST\n"
		 "  or:  %s [OPTION...] SOURCE... DIRECTORY\n"
		 "  or:  %s [OPTION...] -t DIRECTORY SOURCE...\n"), name, name, name);
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

/* ---- --help ---- */

/* Columns of a line; before an option; and between the options and what they do.  */
enum { LINE = 79, MARGIN = 2, GAP = 5 };

/* Return whether the help shows OPTION, if not ALL.  */
static bool
is_shown(const struct option *option, bool all)
{
	return !option->hidden && (all || !option->rare);
}

/* Write the names of OPTION, "-t, --target-directory=DIRECTORY", into BUF of SIZE.
   Return their columns.  */
static unsigned
format_names(const struct option *option, char *buf, size_t size)
{
	int len;

	if (option->letter == '\0')
		len = snprintf(buf, size, "    --%s", option->name);
	else if (option->name != NULL)
		len = snprintf(buf, size, "-%c, --%s", option->letter, option->name);
	else
		len = snprintf(buf, size, "-%c", option->letter);
	if (option->argument != NULL)
		snprintf(buf + len, size - (size_t) len, option->optional ? "[=%s]"
			 : "=%s", _(option->argument));
	return columns_of(buf);
}

/* Return the columns of the longest names, if not ALL options are shown.  */
static unsigned
longest_names(bool all)
{
	char names[128];
	unsigned longest = 0;

	for (size_t i = 0; i < option_count; i++) {
		const unsigned width = format_names(&option_table[i], names,
						    sizeof names);
		if (is_shown(&option_table[i], all) && width > longest)
			longest = width;
	}
	return longest;
}

/* Print OPTION, with what it does beginning at column AT.  */
static void
print_option(const struct option *option, unsigned at)
{
	const char *text = _(option->help);
	char names[128];
	const unsigned width = format_names(option, names, sizeof names);

	printf("%*s%s%*s", MARGIN, "", names, (int) (at - MARGIN - width), "");
	while (*text != '\0') {
		const size_t len = columns_fold(text, LINE - at);
		printf("%.*s\n", (int) len, text);
		text += len + strspn(text + len, " ");
		if (*text != '\0')
			printf("%*s", (int) at, "");
	}
}

int
help_options(struct options *options, const struct option *option, char *argument)
{
	const bool all = argument != NULL;
	int group = -1;

	(void) options;
	if (all && keyword_match_option(option->name, argument, option->keywords) < 0)
		return -1;
	const unsigned at = MARGIN + longest_names(all) + GAP;
	print_forms();
	puts(_("Copy files and directories, as cp does, with several processes."));
	for (size_t i = 0; i < option_count; i++) {
		if (!is_shown(&option_table[i], all))
			continue;
		if (option_table[i].group != group)
			printf("\n%s\n", _(option_titles[option_table[i].group]));
		group = option_table[i].group;
		print_option(&option_table[i], at);
	}
	if (!all)
		printf(_("\n--help=all shows all options; "
			 "the manual, mmcp(1), explains them.\n"));
#ifdef BUG_URL
	printf(_("\nReport bugs to %s\n"), BUG_URL);
#endif
	return OPTION_ENDS;
}

/* ---- --usage and --version ---- */

/* Write OPTION in brief, "[-t|--target-directory=DIRECTORY]", into BUF of SIZE.  Return
   its columns.  */
static unsigned
format_brief(const struct option *option, char *buf, size_t size)
{
	const char *const name = option->name;
	const char *const argument = option->argument;
	const char letter[] = { '-', option->letter, '\0' };

	snprintf(buf, size, "[%s%s%s%s%s%s]", option->letter != '\0' ? letter : "",
		 option->letter != '\0' && name != NULL ? "|" : "",
		 name != NULL ? "--" : "", name != NULL ? name : "",
		 argument != NULL ? "=" : "", argument != NULL ? _(argument) : "");
	return columns_of(buf);
}

int
help_usage(struct options *options, const struct option *option, char *argument)
{
	enum { INDENT = 8 };
	unsigned used = INDENT + 3;

	(void) options, (void) option, (void) argument;
	print_forms();
	printf("%*s[-", INDENT, "");
	for (size_t i = 0; i < option_count; i++)
		if (option_table[i].letter != '\0' && option_table[i].argument == NULL) {
			putchar(option_table[i].letter);
			used++;
		}
	putchar(']');
	for (size_t i = 0; i < option_count; i++) {
		char brief[128];
		if (option_table[i].hidden)
			continue;
		const unsigned width = format_brief(&option_table[i], brief,
						    sizeof brief);
		const bool fits = used + 1 + width <= LINE;
		if (fits)
			printf(" %s", brief);
		else
			printf("\n%*s%s", INDENT, "", brief);
		used = (fits ? used + 1 : INDENT) + width;
	}
	putchar('\n');
	return OPTION_ENDS;
}

int
help_version(struct options *options, const struct option *option, char *argument)
{
	(void) options, (void) option, (void) argument;
	puts(PACKAGE_NAME " " PACKAGE_VERSION);
	print_lines(_("Copyright (C) 2026 the mmcp authors\n"
		      "License GPLv3+: GNU GPL version 3 or later "
		      "<https://gnu.org/licenses/gpl.html>.\n"
		      "This is free software: "
		      "you are free to change and redistribute it.\n"
		      "There is NO WARRANTY, to the extent permitted by law.\n"));
	return OPTION_ENDS;
}
