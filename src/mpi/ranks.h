/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_MPI_RANKS_H
#define MMCP_MPI_RANKS_H

#include <mpi.h>
#include <stdbool.h>
#include <stdint.h>

#include "mpi/frame.h"

/* The agents of all ranks, which MPI connects.  Errors of MPI end the job with a
   message of its own.  Nothing here waits, but for what opens and closes.  */
struct ranks {
	struct mpi_hello hello;
	uint64_t latency;	/* of a network that is played, in nanoseconds */
	struct queue sending;
	struct queue coming;	/* each has been matched; some may not be complete */
	MPI_Request vote;
	int mine[2], all[2];
};

/* Initialize MPI, and find out where we are.  */
void
ranks_open(struct ranks *ranks);

/* Send FRAME, which RANKS owns from now on, to another rank.  */
void
ranks_send(struct ranks *ranks, struct frame *frame);

/* Look after what is being sent.  Return whether any of it has left.  */
bool
ranks_sent(struct ranks *ranks);

/* Begin to receive what has come.  Return whether there was anything; -1 if there is no
   memory.  */
int
ranks_listen(struct ranks *ranks);

/* Return the next frame that is complete, with its source as rank; the caller owns it.
   NULL if there is none yet.  */
struct frame *
ranks_take(struct ranks *ranks);

/* Return when the next frame is due, or UINT64_MAX.  */
uint64_t
ranks_next_due(const struct ranks *ranks);

/* This rank's child has ended with STATUS, and there is nothing left to be sent.  */
void
ranks_vote(struct ranks *ranks, int status);

/* After that: return whether all ranks have said so, with what they exit with.  */
bool
ranks_have_ended(struct ranks *ranks, int *status);

void
ranks_close(void);

/* End all processes of the job, this one with STATUS.  */
_Noreturn void
ranks_abort(int status);

/* Return the time in nanoseconds.  */
uint64_t
ranks_now(void);

#endif
