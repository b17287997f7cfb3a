/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_EVENT_H
#define MMCP_REPORT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

/* What became of one name, as plain data: for --json and its kin.  */
struct event {
	const char *action;	/* "copied", "linked", "made", "skipped", "planned",
				   "differs", "only_in_destination" */
	const char *kind;	/* "regular", "directory", ...; NULL: unknown */
	const char *reason;	/* why it was skipped; else NULL */
	const char *source;	/* NULL: there is none */
	const char *dest;	/* NULL: none */
	bool sized;		/* it has content: */
	uint64_t bytes;
	const struct copied *copied;	/* how it was copied; NULL: it wasn't */
};

/* The whole run.  */
struct run_summary {
	const struct counts *counts;
	uint64_t time, cpu;	/* nanoseconds that passed, and of processors */
	size_t failed;		/* sources */
	unsigned walkers;	/* the most at the same time */
	bool dry;		/* nothing was really done */
	int status;		/* what the program will return */
};

#endif
