/* SPDX-License-Identifier: GPL-3.0-or-later */
/* timer.c: a function that is called between two steps of the work.  */
#include "config.h"

#include "base/timer.h"

#include <stddef.h>
#include <sys/time.h>

static timer_function *function;
static bool is_held, has_timer;

static struct timeval
milliseconds(unsigned n)
{
	return (struct timeval) { .tv_sec = n / 1000, .tv_usec = n % 1000 * 1000 };
}

void
timer_start(timer_function *due, unsigned first, unsigned every)
{
	const struct itimerval timer = { .it_value = milliseconds(first),
					 .it_interval = milliseconds(every) };

	function = due;
	if (every == 0)
		return;
	signals_catch_time();
	has_timer = true;
	setitimer(ITIMER_REAL, &timer, NULL);
}

void
timer_hold(bool held)
{
	is_held = held;
}

void
timer_stop(void)
{
	const struct itimerval none = { .it_value = milliseconds(0) };

	if (has_timer)
		setitimer(ITIMER_REAL, &none, NULL);
	function = NULL;
}

void
timer_is_worker(void)
{
	function = NULL;
}

void
timer_run(void)
{
	const unsigned due = atomic_exchange(&signals_due, 0);

	if (function != NULL && !is_held)
		function((due & SIGNALS_ASKED) != 0);
}
