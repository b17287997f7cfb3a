/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_ARGV_H
#define MMCP_CLI_ARGV_H

#include <popt.h>
#include <stdbool.h>

/* The command line as getopt_long would read it, for popt: abbreviations of long
   options in full, bundles of short ones apart, each argument joined to its option,
   operands last.  */

enum { ARGV_OURS = 1 };	/* val of an included table: cp hasn't these options, and an
				   abbreviation means cp's if it can */

struct expanded {
	int argc;
	char **argv;		/* ends with NULL */
	bool ours;		/* an option is there that cp hasn't */
};

/* Expand ARGV by the options in the tables that GROUPS includes.  What is unknown there
   is left to popt, which may know it as an alias.  0; or -1 and it was said what is
   wrong.  *EXPANDED is to be freed either way.  */
int
argv_expand(const struct poptOption *groups, int argc, char **argv,
	struct expanded *expanded);

void
argv_free(struct expanded *expanded);

/* The argument of an option, as popt gave it: what was done to it so that popt takes it
   as it is, undone in place.  ARGUMENT, which may be NULL.  */
char *
argv_argument(char *argument);

#endif
