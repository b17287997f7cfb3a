/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_MPI_CHILD_H
#define MMCP_MPI_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "mpi/module.h"

/* The process whose agent this one is: whether it lives, and how both come to an end
   before their time.  */
struct child {
	pid_t pid;
	bool ended;		/* and was reaped, with this wait status */
	int status;
};

/* Signals have their default action, unless they are ignored: until MPI has been
   initialized, the child dies with us.  */
void
child_open(struct child *child, pid_t pid);

/* From now on, signals that ask this process to end are noted, until child_unguard; and
   SIGUSR1, which asks the child how far it is, is ignored.  mpirun sends it to the group
   of processes.  */
void
child_guard(void);

void
child_unguard(void);

/* Return whether the child has ended.  */
bool
child_has_ended(struct child *child);

/* Return what it exited with; 128 + N if signal N ended it.  */
int
child_status(const struct child *child);

/* Return the signal that asks this process to end, or 0.  */
int
child_signal(void);

/* Say on standard error that the rank of HELLO does WHY.  */
void
child_explain(const struct mpi_hello *hello, const char *why);

/* End the job.  If a signal has asked for that, send it on to the child, and give it
   time to clean up first, and rank 0's to say what there is, unless this is rank 0
   (FIRST); the status is 128 + that signal then, else STATUS.  */
_Noreturn void
child_leave(struct child *child, bool first, int status);

#endif
