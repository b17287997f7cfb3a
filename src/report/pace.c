/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pace.c: the rate of the last seconds, and an end that is told only when a short and a
   long look back agree on it.  It is told such that it doesn't jump.  */
#include "config.h"

#include "report/pace.h"

#include <stdbool.h>

#define SECOND UINT64_C(1000000000)

/* What a rate is taken of, and what the end is checked by; the time before one is told,
   and between two samples.  */
#define SHORT (3 * SECOND)
#define LONG (12 * SECOND)
#define EARLY (SECOND * 5 / 2)
#define APART (SECOND / 20)

void
pace_note(struct pace *pace, uint64_t time, uint64_t bytes)
{
	if (pace->count > 1 && time - pace->samples[(pace->count - 2) % PACE_SAMPLES].time
	    < 2 * APART)
		pace->count--;	/* The last one is replaced.  */
	pace->samples[pace->count % PACE_SAMPLES].time = time;
	pace->samples[pace->count % PACE_SAMPLES].bytes = bytes;
	pace->count++;
}

/* Return bytes a second of the last SPAN nanoseconds; below 0 if it is too early.  */
static double
rate_of(const struct pace *pace, uint64_t span)
{
	if (pace->count == 0)
		return -1;
	const unsigned last = (pace->count - 1) % PACE_SAMPLES;
	const uint64_t time = pace->samples[last].time;
	uint64_t then = 0, there = 0;

	for (unsigned i = pace->count > PACE_SAMPLES ? pace->count - PACE_SAMPLES : 0;
	     i + 1 < pace->count; i++) {
		const unsigned at = i % PACE_SAMPLES;
		if (time - pace->samples[at].time < span)
			break;
		then = pace->samples[at].time;
		there = pace->samples[at].bytes;
	}
	const uint64_t bytes = pace->samples[last].bytes;
	return time - then < SECOND / 10 ? -1
		: (double) (bytes > there ? bytes - there : 0) * 1e9
			/ (double) (time - then);
}

double
pace_rate(const struct pace *pace)
{
	return rate_of(pace, SHORT);
}

/* Return whether A and B differ by less than 2 seconds, or than PART of the larger.  */
static bool
agree(double a, double b, double part)
{
	const double more = a > b ? a : b, less = a > b ? b : a;

	return more - less < 2 || more - less < more * part;
}

double
pace_left(struct pace *pace, uint64_t to_go)
{
	const double now = pace->count == 0 ? 0
		: (double) pace->samples[(pace->count - 1) % PACE_SAMPLES].time;
	const double recent = rate_of(pace, SHORT), longer = rate_of(pace, LONG);

	if (now < (double) EARLY || recent <= 0 || longer <= 0 || to_go == 0) {
		pace->end = 0;
		return -1;
	}
	const double one = (double) to_go / recent, other = (double) to_go / longer;
	/* One that is told stays longer than it takes to be told.  */
	if (!agree(one, other, pace->end > 0 ? 0.5 : 0.25)) {
		pace->end = 0;
		return -1;
	}
	const double end = now + other * 1e9;
	pace->end = pace->end > 0 ? pace->end + (end - pace->end) / 8 : end;
	return pace->end > now ? (pace->end - now) / 1e9 : 0;
}
