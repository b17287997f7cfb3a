/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CREW_H
#define MMCP_CREW_H

#include <stddef.h>
#include <sys/types.h>

#include "tally.h"

/* Forked workers.  From crew_open to crew_close the signals that we catch are held back
   and let through only while crew_wait waits.  */
struct crew {
	unsigned living;
	pid_t pids[WORKERS_MAX];	/* by worker; 0: not running */
};

/* What a worker does, in its own process; 0 or -1 becomes its exit status 0 or 1.  */
typedef int crew_work(void *context, unsigned worker);

void
crew_open(struct crew *crew);

/* Fork WORKER (a number below WORKERS_MAX that isn't running) to do WORK.  It dies with
   us, and has the default for all signals.  0, or -1 with errno.  */
int
crew_fork(struct crew *crew, unsigned worker, crew_work *work, void *context);

/* Wait until a worker ends: 1 with its number and wait status; 0 if none is running;
   -1 if a signal asks us to end.  */
int
crew_wait(struct crew *crew, unsigned *worker, int *status);

/* Kill and reap whoever still runs.  */
void
crew_close(struct crew *crew);

/* SIZE bytes, zeroed, that all workers forked later share with us.  NULL with errno.  */
void *
crew_share(size_t size);

void
crew_unshare(void *share, size_t size);

#endif
