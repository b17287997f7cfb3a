/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial.c: time windows, choose a way, look again.  */
#include "config.h"

#include "engine/trial.h"

#define MIB ((uint64_t) 1 << 20)

/* What the best way moves at a time, once it is known: so small that its speed is.  */
#define STEP MIB

/* Windows of each way that are timed in a look; the faster one counts, since another
   program may get the processor during a window.  */
enum { WINDOWS = 2 };

/* Return whether a way that took PACE is so slow beside the FASTEST one that it gets no
   second window.  */
static bool
is_hopeless(uint64_t pace, uint64_t fastest)
{
	return pace / 3 * 2 > fastest;
}

/* A way is doubted when it is this many times slower than it was, or than the way of
   another worker.  */
enum { DOUBTED = 3 };

/* Windows from one look to the next, doubled each time that nothing changes: looking at
   two more ways costs less than a hundredth of the copy if these take half as long
   again.  */
enum { PAUSE = 256, PAUSE_MOST = 256 * 64 };

/* After so many windows in a row that were doubted, or that another way did faster by a
   quarter, the look isn't waited for, but a part of the pause is.  */
enum { SLOW_IN_A_ROW = 3, PAUSE_PART = 32 };

static bool
allows(const struct trial *trial, unsigned way)
{
	return (trial->ways & WAY(way)) != 0;
}

/* Return the fastest way by what is known, without WAY (WAYS: with all); WAYS if no other
   is known.  */
static enum way
fastest_but(const struct trial *trial, unsigned without)
{
	unsigned best = WAYS;

	for (unsigned i = 0; i < WAYS; i++)
		if (i != without && allows(trial, i) && trial->way[i].pace != 0
		    && (best == WAYS || trial->way[i].pace < trial->way[best].pace))
			best = i;
	return (enum way) best;
}

/* Return whether there are two ways or more.  */
static bool
has_choice(const struct trial *trial)
{
	return (trial->ways & (trial->ways - 1)) != 0;
}

static void
look(struct trial *trial)
{
	trial->looking = has_choice(trial) && trial->window != 0;
	trial->slow = 0;
	for (unsigned i = 0; i < WAYS; i++)
		trial->way[i].windows = 0;
}

struct trial
trial_begin(const struct trial_plan *plan)
{
	struct trial trial = {
		.ways = plan->ways, .best = plan->first, .window = plan->window,
		.pause = PAUSE * plan->window,
	};

	look(&trial);
	if (plan->later) {
		trial.looking = false;
		trial.moved = trial.pause / PAUSE_PART;	/* It may be soon.  */
	}
	return trial;
}

/* Return whether another window of WAY is to be timed.  */
static bool
is_wanted(const struct trial *trial, unsigned way)
{
	const struct trial_way *const it = &trial->way[way];
	const unsigned fastest = fastest_but(trial, WAYS);

	if (!allows(trial, way) || it->windows >= WINDOWS)
		return false;
	/* The best guess gets both, in case that it was interrupted in the first.  */
	return it->windows == 0 || way == trial->best
		|| !is_hopeless(it->pace, trial->way[fastest].pace);
}

/* Return the way with the fewest windows that another one is wanted of, the best first;
   WAYS if none is wanted.  */
static enum way
wanted(const struct trial *trial)
{
	unsigned next = is_wanted(trial, trial->best) ? trial->best : WAYS;

	for (unsigned i = 0; i < WAYS; i++)
		if (is_wanted(trial, i) && (next == WAYS || trial->way[i].windows
					    < trial->way[next].windows))
			next = i;
	return (enum way) next;
}

/* Return whether BYTES are enough to be timed: what is less than half a window costs too
   much besides to be compared.  */
static bool
is_timed(const struct trial *trial, uint64_t bytes)
{
	return trial->window != 0 && bytes >= trial->window / 2;
}

uint64_t
trial_window(const struct trial *trial, uint64_t len)
{
	const uint64_t window = trial->looking || trial->window > STEP ? trial->window
		: STEP;

	return trial->window != 0 && window < len ? window : len;
}

enum way
trial_next(const struct trial *trial, uint64_t bytes)
{
	return trial->looking && is_timed(trial, bytes) ? wanted(trial) : trial->best;
}

/* All windows of a look are timed: choose.  A way has to be faster by a tenth to
   take over, so that noise alone changes nothing.  */
static void
choose(struct trial *trial)
{
	const enum way fastest = fastest_but(trial, WAYS);
	const uint64_t most = (uint64_t) PAUSE_MOST * trial->window;

	trial->looking = false;
	trial->moved = trial->fastest = 0;
	if (trial->way[fastest].pace < trial->way[trial->best].pace / 10 * 9) {
		trial->best = fastest;
		trial->pause = PAUSE * trial->window;
	} else if (trial->pause < most) {
		trial->pause *= 2;
	}
}

/* A window of a look took PACE in WAY.  */
static void
note(struct trial *trial, enum way way, uint64_t pace)
{
	struct trial_way *const it = &trial->way[way];

	if (it->windows == 0 || pace < it->pace)
		it->pace = pace;
	it->windows++;
	if (wanted(trial) == WAYS)
		choose(trial);
}

static uint64_t
less(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Return the pace from which on the best way is too slow.  */
static uint64_t
doubted_from(const struct trial *trial)
{
	const enum way other = fastest_but(trial, trial->best);
	uint64_t limit = trial->fastest * DOUBTED;

	if (trial->expected != 0)
		limit = less(limit, trial->expected * DOUBTED);
	if (other != WAYS)
		limit = less(limit, trial->way[other].pace / 4 * 5);
	return limit;
}

/* A window of the best way took PACE: look again if it is time to, or if it should have
   been faster.  */
static void
follow(struct trial *trial, uint64_t pace)
{
	if (!has_choice(trial))
		return;
	if (trial->fastest == 0 || pace < trial->fastest)
		trial->fastest = pace;
	trial->slow = pace > doubted_from(trial) ? trial->slow + 1 : 0;
	const uint64_t pause = trial->slow >= SLOW_IN_A_ROW ? trial->pause / PAUSE_PART
		: trial->pause;

	if (trial->moved >= pause)
		look(trial);
}

void
trial_took(struct trial *trial, enum way way, uint64_t bytes, uint64_t time)
{
	if (!allows(trial, way) || !is_timed(trial, bytes))
		return;
	const uint64_t pace = time / (bytes / 1024 + 1) * 1024 + 1;

	trial->moved += bytes;
	trial->pace = trial->pace == 0 ? pace : (trial->pace * 3 + pace) / 4;
	if (trial->looking)
		note(trial, way, pace);
	else if (way == trial->best)
		follow(trial, pace);
}

void
trial_expect(struct trial *trial, uint64_t speed)
{
	trial->expected = speed != 0 ? MIB * 1000000 / speed : 0;
}

bool
trial_exclude(struct trial *trial, enum way way)
{
	trial->ways &= ~WAY(way);
	trial->way[way].pace = 0;
	if (trial->ways == 0)
		return false;
	if (way == trial->best) {
		const enum way other = fastest_but(trial, WAYS);
		trial->best = other != WAYS ? other
			: (enum way) __builtin_ctz(trial->ways);
	}
	if (trial->looking && !has_choice(trial))
		trial->looking = false;
	else if (trial->looking && wanted(trial) == WAYS)
		choose(trial);
	return true;
}

void
trial_allow(struct trial *trial, enum way way)
{
	if (trial->ways == 0)
		trial->best = way;
	trial->ways |= WAY(way);
}

uint64_t
trial_speed(const struct trial *trial)
{
	return trial->pace != 0 ? MIB * 1000000 / trial->pace : 0;
}

void
trial_tell(const struct trial *trial, struct way_times *times)
{
	times->chosen = trial->best;
	for (unsigned i = 0; i < WAYS; i++)
		times->pace[i] = trial->way[i].pace;
}
