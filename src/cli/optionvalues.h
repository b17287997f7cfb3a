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
	int force, remove_destination, atomic, verbose, debug, fsync;
	int no_target_directory, strip_trailing_slashes, recursive, link, symbolic_link;
	int one_file_system, attributes_only, parents, copy_contents;
	int keep_directory_symlink, nocache, direct, dry_run, stats, json;
	char *target_directory, *jobs, *chunk_size, *backup_control, *suffix;
	char *bwlimit, *files0_from, *failed_to, *context;
	/* By value, in order: */
	bool interactive, no_clobber;	/* the last of them */
	bool backup;
	int progress;		/* enum progress_when; these are int for the table of words */
	int update;		/* enum update */
	int sparse;		/* enum sparse */
	int reflink;		/* enum reflink */
	int engine;		/* enum engine */
	enum dereference dereference;
	bool dereference_given;
	bool preserve_links;
	bool stdin_taken;	/* by --exclude-from */
	struct metadata_policy meta;
	struct exclude exclude;
};

/* What RAW means.  0, or -1 and it was said.  The strings remain RAW's.  */
int
policies_interpret(const struct option_values *values, struct options *options);

#endif
