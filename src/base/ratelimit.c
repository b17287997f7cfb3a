/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ratelimit.c: the processes share one time: when all bytes moved so far are within the
   limit.  Moving more postpones it, and then waits for it.  */
#include "config.h"

#include "base/ratelimit.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>

#include "base/clock.h"
#include "base/signals.h"
#include "base/timer.h"
#include "base/writebehind.h"

#define BILLION UINT64_C(1000000000)

static uint64_t rate;		/* 0: none */
static _Atomic uint64_t *paid;	/* nanoseconds */

int
ratelimit_set(uint64_t bytes)
{
	void *const shared = mmap(NULL, sizeof *paid, PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return -1;
	paid = shared;
	atomic_store(paid, clock_now());
	rate = bytes;
	return 0;
}

bool
ratelimit_is_set(void)
{
	return rate != 0;
}

/* The time that moving itself takes counts, but idle time can't be saved up beyond
   that.  */
#define SAVED (BILLION / 10)

static uint64_t
put_off(uint64_t bytes)
{
	const uint64_t cost = bytes / rate * BILLION
		+ (uint64_t) ((double) (bytes % rate) * (double) BILLION / (double) rate);
	const uint64_t at = clock_now();
	uint64_t old = atomic_load(paid);
	uint64_t until;

	do
		until = (old + SAVED > at ? old : at - SAVED) + cost;
	while (!atomic_compare_exchange_weak(paid, &old, until));
	return until;
}

void
ratelimit_take(uint64_t bytes)
{
	if (rate == 0)
		return;
	const uint64_t until = put_off(bytes);
	const struct timespec time = { .tv_sec = (time_t) (until / BILLION),
				       .tv_nsec = (long) (until % BILLION) };
	while (signals_fatal() == 0
	       && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
		timer_check();
}

size_t
ratelimit_piece(size_t len)
{
	enum { PER_SECOND = 16, PAGE = 4096 };
	const uint64_t piece = rate / PER_SECOND / PAGE * PAGE;

	len = writebehind_piece(len);
	if (rate == 0 || len <= PAGE)
		return len;
	return piece < PAGE ? PAGE : piece < len ? (size_t) piece : len;
}
