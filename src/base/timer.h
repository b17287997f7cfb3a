/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_TIMER_H
#define MMCP_BASE_TIMER_H

#include <stdbool.h>

#include "base/signals.h"

/* Something that is done every so often while other work goes on, or when the user asks
   for a word (SIGUSR1): never in a signal's handler, but between two steps of the work,
   by whoever does it, which is the parent.  */

typedef void timer_function(bool asked);

/* Have FUNCTION done when somebody asks; and, if EVERY isn't 0, after FIRST and then
   EVERY milliseconds, and when the terminal's size changes.  */
void
timer_start(timer_function *function, unsigned first, unsigned every);

/* While HELD, nothing is due: the terminal shows somebody else's bytes.  */
void
timer_hold(bool held);

/* No more of it.  */
void
timer_stop(void);

/* In a worker, which has nothing to say.  */
void
timer_is_worker(void);

void
timer_run(void);

/* Do it if it is due.  To be called often.  */
static inline void
timer_check(void)
{
	if (signals_due != 0)
		timer_run();
}

#endif
