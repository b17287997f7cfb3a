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
	bool ended;			/* one that ended may not have been heard of yet */
	pid_t pids[WORKERS_MAX];	/* by worker; 0: not running */
};

/* What a worker does, in its own process; 0 or -1 becomes its exit status 0 or 1.  */
typedef int crew_work(void *context, unsigned worker);

void
crew_open(struct crew *crew);

/* Fork WORKER (a number below WORKERS_MAX that isn't running) to do WORK.  It dies with
   us, and has the default for all signals.  0, or -1 with errno: EAGAIN also where it
   would be in another PID namespace.  */
int
crew_fork(struct crew *crew, unsigned worker, crew_work *work, void *context);

/* Wait until a worker ends: 1 with its number and wait status; 0 if none is running;
   -1 if a signal asks us to end.  */
int
crew_wait(struct crew *crew, unsigned *worker, int *status);

/* The same, or until one of N descriptors FDS is ready: then 0, and also if it just woke
   up.  No signal is lost between a look at what asks us to end and the wait.  */
int
crew_poll(struct crew *crew, struct pollfd *fds, nfds_t n, unsigned *worker, int *status);

/* How many workers there were at once, at most.  */
unsigned
crew_most(void);

/* If we were asked to stop, stop with the workers, and go on with them.  */
void
crew_attend(const struct crew *crew);

/* Ask the workers to end, by the signal that asks us, and give them a second for it;
   0.4 where we have a supervisor.  */
void
crew_dismiss(struct crew *crew);

/* Kill and reap whoever still runs.  */
void
crew_close(struct crew *crew);

/* SIZE bytes, zeroed, that all workers forked later share with us.  NULL with errno.  */
void *
crew_share(size_t size);

void
crew_unshare(void *share, size_t size);

/* Lower a count in such memory to VALUE, if it is more.  */
void
crew_lower(_Atomic uint64_t *count, uint64_t value);

#endif
