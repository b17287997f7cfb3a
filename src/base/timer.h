/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_TIMER_H
#define MMCP_BASE_TIMER_H

#include <stdbool.h>

#include "base/signals.h"

/* A function that the parent calls at intervals, or when the user sends SIGUSR1: never
   from a signal handler, but between two steps of its work.  */

/* ASKED: because of SIGUSR1.  */
typedef void timer_function(bool asked);

/* Call FUNCTION on SIGUSR1; and, if EVERY isn't 0, after FIRST and then every EVERY
   milliseconds, and when the terminal's size changes.  */
void
timer_start(timer_function *function, unsigned first, unsigned every);

/* Call FUNCTION, too, after FIRST and then every EVERY milliseconds.  That is seen by
   looking at the clock, without a signal and without a system call.  */
void
timer_watch(void (*function)(void), unsigned first, unsigned every);

/* Stop calling it.  */
void
timer_watch_stop(void);

/* Return the milliseconds until it is due, which is how long a call may wait; or -1 if
   there is none.  */
int
timer_left(void);

/* While HELD, what was started isn't due: the terminal shows bytes that are being
   copied.  */
void
timer_hold(bool held);

/* Stop calling it.  */
void
timer_stop(void);

/* In a worker: nothing is ever due.  */
void
timer_is_worker(void);

/* Call the functions for what is due; for timer_check.  */
void
timer_run(void);

extern bool timer_watches;	/* for timer_check */

/* Call the functions that are due.  To be called often.  */
static inline void
timer_check(void)
{
	if (signals_due != 0 || timer_watches)
		timer_run();
}

#endif
