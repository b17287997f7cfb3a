/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_CREW_H
#define MMCP_BASE_CREW_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/counts.h"

/* Forked workers.  */
struct crew {
	unsigned living;
	bool ended;			/* one may have ended that was not reaped */
	pid_t pids[WORKERS_MAX];	/* by worker; 0: not running */
	unsigned counts[WORKERS_MAX];	/* the number of its totals */
	bool killed[WORKERS_MAX];	/* it ended, by a signal */
	uint64_t left;		/* bytes that those that ended held (writebehind.h) */
};

/* The work of worker number WORKER, in a process of its own.  Returning 0 or -1 makes its
   exit status 0 or 1.  */
typedef int crew_work(void *context, unsigned worker);

/* Begin with no workers.  */
void
crew_open(struct crew *crew);

/* Fork worker number WORKER (below WORKERS_MAX and not running) to do WORK.  It dies with
   its parent and has the default action for all signals.  Return 0, or -1 with errno:
   EAGAIN also where it would be in another PID namespace.  */
int
crew_fork(struct crew *crew, unsigned worker, crew_work *work, void *context);

/* Wait until a worker ends.  Return 1 with its number and wait status; 0 if none is
   running; -1 if a signal asks the program to end.  */
int
crew_wait(struct crew *crew, unsigned *worker, int *status);

/* As crew_wait, but return 0 as well when one of the N descriptors FDS is ready, and on a
   spurious wakeup.  No signal is lost between the check for it and the wait.  */
int
crew_poll(struct crew *crew, struct pollfd *fds, nfds_t n, unsigned *worker, int *status);

/* Return the largest number of workers that ran at the same time.  */
unsigned
crew_most(void);

/* If SIGTSTP came, stop the workers and this process; continue them afterwards.  */
void
crew_stop_if_asked(const struct crew *crew);

/* Send the workers the signal that asks this process to end, and wait up to a second for
   them; with a supervisor, 0.4 seconds.  */
void
crew_dismiss(struct crew *crew);

/* Wait half a second for the workers to end by themselves.  Kill those that still run,
   and don't wait for them: one may be in a request that takes long, and ends with
   that.  */
void
crew_leave(struct crew *crew);

/* Kill and reap the workers that still run.  */
void
crew_close(struct crew *crew);

/* Return SIZE bytes of zeros in memory that is shared with all workers forked later; the
   caller frees it by crew_unshare.  NULL with errno.  */
void *
crew_share(size_t size);

void
crew_unshare(void *share, size_t size);

/* Lower *COUNT, in such memory, to VALUE if it is larger.  */
void
crew_lower(_Atomic uint64_t *count, uint64_t value);

#endif
