/* SPDX-License-Identifier: GPL-3.0-or-later */
/* timer.c: what is due between two steps of the work.  */
#include "config.h"

#include "base/timer.h"

#include <stddef.h>
#include <sys/time.h>

static tick_function *function;
static bool is_held, has_timer;

static struct timeval
milliseconds(unsigned n)
{
	return (struct timeval) { .tv_sec = n / 1000, .tv_usec = n % 1000 * 1000 };
}

void
tick_start(tick_function *due, unsigned first, unsigned every)
{
	const struct itimerval timer = { .it_value = milliseconds(first),
					 .it_interval = milliseconds(every) };

	function = due;
	if (every == 0)
		return;
	signals_hear_time();
	has_timer = true;
	setitimer(ITIMER_REAL, &timer, NULL);
}

void
tick_hold(bool held)
{
	is_held = held;
}

void
tick_stop(void)
{
	const struct itimerval none = { .it_value = milliseconds(0) };

	if (has_timer)
		setitimer(ITIMER_REAL, &none, NULL);
	function = NULL;
}

void
tick_is_worker(void)
{
	function = NULL;
}

void
tick_now(void)
{
	const unsigned due = atomic_exchange(&signals_due, 0);

	if (function != NULL && !is_held)
		function((due & SIGNALS_ASKED) != 0);
}
