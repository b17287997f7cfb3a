/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_PEERMEET_H
#define MMCP_TREE_PEERMEET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "tree/walkstate.h"

/* Before anything is copied, rank 0 tells the others what the copy is of, and they look
   whether it is the same for them: the command line, the current directory, each source,
   and the destination, where rank 0 makes a file for a moment.  Nothing is written to a
   source.  */

struct peermeet {
	int argc;
	char *const *argv;
	size_t count;		/* of operands, which OPERAND finds, with CONTEXT */
	walk_operand *operand;
	void *context;
	const char *target;	/* the directory to fill, or the destination */
	int dir;		/* that directory, or -1 */
	mode_t umask;
	bool dry_run;		/* nothing may be made */
	bool debug;		/* say where each rank is */
};

/* In rank 0: have all ranks compare MEET.  Return 0; or -1 if they don't agree, which is
   reported.  */
int
peermeet_lead(const struct peermeet *meet);

/* In another rank: compare MEET, or say that there is none here if it is NULL.  Return 0
   when rank 0 begins; or -1 if it doesn't.  */
int
peermeet_follow(const struct peermeet *meet);

#endif
