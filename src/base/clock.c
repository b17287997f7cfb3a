/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clock.c: the time that passes.  */
#include "config.h"

#include "base/clock.h"

#include <time.h>

static uint64_t
now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (uint64_t) time.tv_sec * 1000000000 + (uint64_t) time.tv_nsec;
}

uint64_t
clock_now(void)
{
	return now(CLOCK_MONOTONIC);
}

uint64_t
clock_rough(void)
{
	return now(CLOCK_MONOTONIC_COARSE);
}

uint64_t
clock_date(void)
{
	return now(CLOCK_REALTIME);
}

uint64_t
clock_processor(void)
{
	return now(CLOCK_PROCESS_CPUTIME_ID);
}
