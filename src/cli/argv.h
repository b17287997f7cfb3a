/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_ARGV_H
#define MMCP_CLI_ARGV_H

#include <stdbool.h>

/* The command line as getopt_long would read it, for popt: abbreviations of long
   options in full, bundles of short ones apart, each argument joined to its option,
   operands last.  */

struct expanded {
	int argc;
	char **argv;		/* ends with NULL */
	bool ours;		/* an option is there that cp hasn't */
};

/* Expand ARGV by the table of options.  What is unknown there is left to popt, which may
   know it as an alias.  Return 0, or -1 if something is wrong, which was reported.  Free
   *EXPANDED by argv_free either way.  */
int
argv_expand(int argc, char **argv, struct expanded *expanded);

void
argv_free(struct expanded *expanded);

/* Turn ARGUMENT, which popt gave, into what the user gave: argv_expand has changed what
   popt would have replaced.  It is changed in place and returned; it may be NULL.  */
char *
argv_argument(char *argument);

#endif
