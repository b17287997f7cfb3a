/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_OPTIONS_H
#define MMCP_CLI_OPTIONS_H

#include <stddef.h>

#include "cli/argv.h"
#include "cli/operands.h"
#include "file/copy.h"
#include "report/progress.h"
#include "report/stats.h"
#include "tree/exclude.h"
#include "tree/policy.h"

/* The command line, turned into what each module obeys.  */
struct options {
	struct copy_policy copy;
	struct entry_policy entry;
	struct tree_policy tree;
	struct operands_policy operands;
	struct stats_policy stats;
	enum progress_when progress;
	uint64_t bwlimit;	/* bytes a second at most; 0: any */
	const char *files0_from;	/* a file with the names of sources, or NULL */
	const char *failed_to;	/* where those that fail are to be written, or NULL */
	struct exclude exclude;
	size_t count;		/* operands */
	const char *const *operand;
	struct expanded expanded;	/* the command line that popt reads */
	void *context;		/* popt's, which owns the strings */
};

enum options_answer {
	OPTIONS_GO,		/* copy */
	OPTIONS_DONE,		/* help or version was printed */
	OPTIONS_BAD		/* bad usage, and it was said */
};

/* Read ARGV.  *OPTIONS is to be freed whatever the answer.  */
enum options_answer
options_read(struct options *options, int argc, char **argv);

void
options_free(struct options *options);

#endif
