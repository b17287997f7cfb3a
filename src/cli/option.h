/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_OPTION_H
#define MMCP_CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/keyword.h"

/* One row of the table describes an option completely: help, abbreviations, popt's
   tables and the completions are made from it, and the manual is compared with it.  */

struct options;
struct option;

/* Obey OPTION in OPTIONS.  ARGUMENT is NULL if there is none; else it may be changed, and
   lives until the option is given again, or as long as OPTIONS.  Return 0; -1 if
   something is wrong and was reported; or OPTION_ENDS.  */
typedef int option_take(struct options *options, const struct option *option,
	char *argument);

enum { OPTION_ENDS = 1 };	/* what was asked for was printed: copy nothing */

/* The titles in the help, in its order: what is used most comes first.  The manual has
   sections of these names.  */
enum option_group {
	GROUP_CHOOSING, GROUP_KEEPING, GROUP_DESTINATION, GROUP_SAFETY, GROUP_SPEED,
	GROUP_TELLING, OPTION_GROUPS
};

struct option {
	unsigned char group;		/* an option_group */
	char letter;			/* '\0': it has only a name */
	const char *name;		/* NULL: it has only a letter */
	const char *argument;		/* its name in the help; NULL: it takes none */
	const char *help;
	option_take *take;		/* called when the option is met; if LATE, when
					   all have been met, for its last argument */
	const struct keyword *keywords;	/* what the argument is one of; NULL: anything */
	const char *brief;		/* help that makes sense alone; NULL: HELP does */
	unsigned short at;		/* identifier: offset in struct options, or 0 */
	unsigned char value;		/* what goes there, if no argument says */
	bool late;
	bool optional;			/* the argument may be missing */
	bool hidden;			/* not in the help, nor in the completions */
	bool rare;			/* not in the help, but in --help=all */
	bool ours;			/* cp hasn't it: it makes no abbreviation of
					   one of cp's ambiguous */
	bool repeats;			/* each time it is given counts */
	char other;			/* the letter of what can't be given beside it */
};

extern const char *const option_titles[OPTION_GROUPS];
extern const struct option option_table[];	/* sorted by group */
extern const size_t option_count;

/* The words of --backup, which $VERSION_CONTROL may have as well.  */
extern const struct keyword backup_keywords[];

#endif
