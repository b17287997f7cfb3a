/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_OPTIONVALUES_H
#define MMCP_CLI_OPTIONVALUES_H

#include <stdbool.h>

#include "cli/options.h"

/* The command line as it was read, and not yet what it means; between options.c, which
   fills it, and policies.c.  popt stores flags through int *, and strings as copies
   that are ours.  What depends on the order of options, or has an argument, comes by
   its value.  */
struct option_values {
	int force, remove, atomic, verbose, debug, fsync, no_target, strip_slashes;
	int recursive, hard_link, symbolic_link, one_file_system, no_content, parents;
	int copy_contents, keep_directory_symlink, drop, direct, dry, stats, json;
	char *target, *jobs, *chunk, *control, *suffix, *rate, *list, *failed, *context;
	/* By value, in order: */
	bool ask, no_clobber;	/* the last of them */
	bool back_up;
	int progress;		/* enum progress_when; these are int for the table of words */
	int update;		/* enum update */
	int sparse;		/* enum sparse */
	int reflink;		/* enum reflink */
	int engine;		/* enum engine */
	enum deref deref;
	bool deref_given;
	bool keep_links;
	bool stdin_taken;	/* by --exclude-from */
	struct metadata_policy meta;
	struct exclude exclude;
};

/* What RAW means.  0, or -1 and it was said.  The strings remain RAW's.  */
int
policies_interpret(const struct option_values *values, struct options *options);

#endif
