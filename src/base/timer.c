/* SPDX-License-Identifier: GPL-3.0-or-later */
/* timer.c: a function that is called between two steps of the work.  */
#include "config.h"

#include "base/timer.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>

#include "base/clock.h"

static timer_function *function;
static bool is_held, has_timer;

bool timer_watches;
static void (*watch)(void);
static uint64_t watch_due, watch_every;		/* nanoseconds */

/* Milliseconds that the rough clock is behind, at most.  */
enum { ROUGH = 10 };

#define MILLION UINT64_C(1000000)

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
timer_watch(void (*due)(void), unsigned first, unsigned every)
{
	watch = due;
	watch_due = clock_now() + first * MILLION;
	watch_every = every * MILLION;
	timer_watches = true;
}

void
timer_watch_stop(void)
{
	timer_watches = false;
}

int
timer_left(void)
{
	if (!timer_watches)
		return -1;
	const uint64_t now = clock_now();
	return ROUGH + (int) (watch_due > now ? (watch_due - now) / MILLION : 0);
}

/* Call the function that watches the clock, if it is due.  */
static void
look_at_clock(void)
{
	if (!timer_watches || clock_rough() < watch_due)
		return;
	watch_due = clock_now() + watch_every;
	watch();
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
	timer_watches = false;
}

void
timer_run(void)
{
	look_at_clock();
	if (signals_due == 0)
		return;
	const unsigned due = atomic_exchange(&signals_due, 0);
	if (function != NULL && !is_held)
		function((due & SIGNALS_ASKED) != 0);
}
