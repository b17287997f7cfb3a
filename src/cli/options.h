/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_OPTIONS_H
#define MMCP_CLI_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "cli/argv.h"
#include "cli/operands.h"
#include "file/copy.h"
#include "report/progress.h"
#include "report/stats.h"
#include "tree/exclude.h"
#include "tree/policy.h"

enum { OPTIONS_MOST = 96 };	/* in the table */

/* How --status shows what running copies do.  */
enum status_form { STATUS_NONE, STATUS_TEXT, STATUS_JSON };

/* The command line, as what each module obeys.  Options are stored here as they are met
   (option.h), and what they mean for one another at the end (combine.h).  */
struct options {
	size_t count;			/* operands */
	const char *const *operand;

	struct copy_policy copy;
	struct entry_policy entry;
	struct tree_policy tree;
	struct operands_policy operands;
	struct stats_policy stats;
	enum progress_when progress;
	enum status_form status;
	struct exclude exclude;
	bool exclude_from_stdin;	/* some of its patterns */
	uint64_t bwlimit;		/* bytes a second at most; 0: any */
	const char *files0_from;	/* a file with the names of sources, or NULL */
	const struct option *files0_option;	/* which its name was given to */
	const char *failed_to;		/* a file for the names of what fails, or NULL */
	const char *log_file;		/* a file to append to, or NULL */
	const char *manifest;		/* a file for hashes of the copies, or NULL */
	unsigned manifest_algorithm;	/* a hash_algorithm */
	bool mpi;			/* this is one of many ranks */
	uint64_t sum;			/* of all options and operands (fingerprint.h) */
	int argc;			/* the command line as it was given */
	char *const *argv;
	struct expanded expanded;	/* the command line that popt reads */

	/* Only until the options are combined: */
	bool no_clobber;
	bool backup;
	const char *backup_control;	/* the argument of --backup, or NULL */
	const char *context;		/* the argument of --context, or NULL */

	/* Only for commandline_free: */
	char *argument[OPTIONS_MOST];	/* the last of each option, or NULL */
	void *popt;			/* a poptContext, which owns the operands */
};

#endif
