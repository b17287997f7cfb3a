/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_PEERMEET_H
#define MMCP_TREE_PEERMEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tree/walkstate.h"

/* Before anything is copied, rank 0 tells the others what the copy is of, and they look
   whether it is the same for them: the command line, what was read because of it, the
   current directory, each source, and the destination, where rank 0 makes a file for a
   moment.  Nothing is written to a source.  */

struct peermeet {
	/* Sums (fingerprint.h).  */
	uint64_t command;	/* options and operands */
	uint64_t settings;	/* what is from the environment */
	uint64_t lists;		/* names and patterns that were read */

	mode_t umask;
	size_t count;		/* of operands, which OPERAND finds, with CONTEXT */
	walk_operand *operand;
	void *context;
	const char *target;	/* the directory to fill, or the destination */
	int dir;		/* that directory, or -1 */
	bool dry_run;		/* nothing may be made */
	bool debug;		/* say where each rank is */
};

/* In rank 0: have all ranks compare MEET.  Return 0; or -1 if they don't agree, which is
   reported.  */
int
peermeet_lead(const struct peermeet *meet);

/* In another rank: compare MEET, or say that there is none here if it is NULL.  Return 0
   when rank 0 begins, whose umask is in MEET then; or -1 if it doesn't.  */
int
peermeet_follow(struct peermeet *meet);

#endif
