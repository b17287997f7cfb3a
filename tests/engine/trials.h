/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TESTS_ENGINE_TRIALS_H
#define MMCP_TESTS_ENGINE_TRIALS_H

#include <string.h>

#include "engine/trial.h"
#include "unit.h"

/* A copy by a clock that is made up: how fast each way is, and what was moved in it.  */

enum { KIB = 1024, WINDOW = 1 << 20 };

/* As trial.h says it: looks are so far apart, at first and at most; windows that are slow
   may bring one forward to a part of that.  */
enum { PAUSE = 256, PAUSE_MOST = 256 * 64, PART = 32, LOOK = 2 };

#define WRITES (WAY(WAY_KERNEL) | WAY(WAY_WRITE) | WAY(WAY_WRITE_SMALL))

static struct trial trial;
static uint64_t pace[WAYS];		/* nanoseconds for a window */
static unsigned windows[WAYS];		/* moved in each way */

/* Begin to copy, with no windows moved.  */
static inline void
begin(unsigned ways, enum way first)
{
	const struct trial_plan plan = { .ways = ways, .first = first,
					 .window = WINDOW };

	trial = trial_begin(&plan);
	memset(windows, 0, sizeof windows);
}

static inline void
paces(uint64_t kernel, uint64_t write, uint64_t small)
{
	pace[WAY_KERNEL] = kernel;
	pace[WAY_WRITE] = write;
	pace[WAY_WRITE_SMALL] = small;
}

/* Move the next window.  Return its way.  */
static inline enum way
move_one(void)
{
	const enum way way = trial_next(&trial, WINDOW);

	ck_assert_uint_lt(way, WAYS);
	ck_assert_msg((trial.ways & WAY(way)) != 0, "way %u is not allowed", way);
	windows[way]++;
	trial_took(&trial, way, WINDOW, pace[way]);
	return way;
}

static inline void
move(unsigned n)
{
	while (n-- > 0)
		move_one();
}

/* Move windows until one goes in another way than BEST, at most N.  Return how many went
   in it.  */
static inline unsigned
move_until_a_look(enum way best, unsigned n)
{
	unsigned moved = 0;

	while (moved < n && move_one() == best)
		moved++;
	return moved;
}

#endif
