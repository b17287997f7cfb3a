/* SPDX-License-Identifier: GPL-3.0-or-later */
/* teamsize.c: more walkers while they wait, fewer while they compute.  */
#include "config.h"

#include "tree/teamsize.h"

#include <stdio.h>

#include "base/sysfs.h"

/* More are wanted, FACTOR times as many, if more than a fifth of the walkers' time is
   waiting, and fewer than so many a processor work or are ready to.  Two that read a cold
   tree wait for half of their time; so four can't keep two processors busy, and 16 are
   faster by a third (doc/measurements.md#cold-trees).  Fewer are wanted if less than a
   tenth of their time is waiting, at so many looks in a row.  */
enum { FACTOR = 4, A_PROCESSOR = 3, CALM = 5 };

struct teamsize
teamsize_begin(unsigned least, unsigned most, uint64_t now)
{
	return (struct teamsize) { .least = least, .most = most, .at = now };
}

int
teamsize_look(struct teamsize *size, uint64_t now, uint64_t used, unsigned living,
	unsigned idle)
{
	const uint64_t passed = now - size->at, before = size->used;

	if (passed < TEAMSIZE_EVERY)
		return 0;
	size->at = now;
	size->used = used;
	/* Of a walker that has ended, nothing is known any more.  */
	if (used < before || living == 0)
		return 0;
	const uint64_t all = passed * living;
	const uint64_t worked = used - before;
	const uint64_t waited = all > worked ? all - worked : 0;
	size->waited = (unsigned) (100 * waited / all);
	size->calm = waited < all / 10 ? size->calm + 1 : 0;
	if (waited > all / 5 && worked < passed * A_PROCESSOR * size->least
	    && idle <= living / 4 && living < size->most)
		return (int) (FACTOR * living < size->most
			      ? (FACTOR - 1) * living : size->most - living);
	if (size->calm >= CALM && living > size->least) {
		size->calm = 0;
		return -1;
	}
	return 0;
}

uint64_t
teamsize_used(pid_t pid)
{
	long long running, ready;
	char dir[32];

	snprintf(dir, sizeof dir, "/proc/%d", (int) pid);
	return sysfs_read_numbers(dir, "schedstat", &running, &ready) == 2
		? (uint64_t) (running + ready) : 0;
}
