/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clock.c: the time that passes.  */
#include "config.h"

#include "base/clock.h"

#include <time.h>

uint64_t
clock_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t) time.tv_sec * 1000000000 + (uint64_t) time.tv_nsec;
}
