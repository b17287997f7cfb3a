/* SPDX-License-Identifier: GPL-3.0-or-later */
/* teamsize.c: more walkers while they wait, fewer while they compute.  */
#include "config.h"

#include "tree/teamsize.h"

#include <stdio.h>

#include "base/sysfs.h"

/* More are wanted if more than a half of their time is waiting; fewer if less than a
   tenth is, at so many looks in a row.  A number that suits both stays.  */
enum { CALM = 5 };

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
	const uint64_t waited = all > used - before ? all - (used - before) : 0;
	size->calm = waited < all / 10 ? size->calm + 1 : 0;
	if (waited > all / 2 && idle == 0 && living < size->most)
		return (int) (2 * living < size->most ? living : size->most - living);
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
