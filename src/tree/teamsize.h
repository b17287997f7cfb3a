/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_TEAMSIZE_H
#define MMCP_TREE_TEAMSIZE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How many walkers there are to be: as many as processors while they compute; more while
   they wait for a device, which serves several requests at once.  */

/* So often one looks, in nanoseconds.  */
#define TEAMSIZE_EVERY UINT64_C(100000000)

/* Walkers at most, unless -j says otherwise.  */
enum { TEAMSIZE_MOST = 16 };

struct teamsize {
	unsigned least, most;
	unsigned calm;		/* looks in a row at which too few waited */
	unsigned waited;	/* before the last look, in percent of the time */
	uint64_t at;		/* the last look: nanoseconds */
	uint64_t used;		/* what walkers had used then: nanoseconds */
};

/* Return the size of a team that begins with LEAST walkers and has MOST seats.  */
struct teamsize
teamsize_begin(unsigned least, unsigned most, uint64_t now);

/* It is NOW, and the LIVING walkers have USED so many nanoseconds of processors, or
   waited for one; IDLE of them have nothing to do.  Return by how many there should be
   more, or fewer if it is negative; 0 also if the last look was a short time ago.  */
int
teamsize_look(struct teamsize *size, uint64_t now, uint64_t used, unsigned living,
	unsigned idle);

/* Return the nanoseconds for which process PID has run, or was ready to run; 0 if
   unknown.  */
uint64_t
teamsize_used(pid_t pid);

#endif
