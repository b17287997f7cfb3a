/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progressfacts.c: makes the numbers that people want of the run's counts.  The code that
   counts knows nothing of it.  */
#include "config.h"

#include "report/progressfacts.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/dirty.h"
#include "base/totals.h"
#include "report/message.h"
#include "report/pace.h"

/* While fewer bytes are to be read back, it is said how much was copied.  */
#define VERIFYING (UINT64_C(8) << 20)

static struct {
	bool shown;
	uint64_t began;		/* nanoseconds */
	uint64_t arrived;	/* bytes; fewer than before only if a copy failed */
	const struct forecast *forecast;	/* NULL: there is none */
	bool found_all;
	struct pace pace;
	const char *here;	/* the file that the parent copies; NULL: none */
	uint64_t here_size, here_moved;
	char *(*current)(void *context);
	void *current_context;
	progressfacts_ask *worker;
	void *worker_context;
} state;

void
progressfacts_begin(bool shown)
{
	state.shown = shown;
	state.began = clock_now();
}

void
progressfacts_forecast(const struct forecast *forecast)
{
	state.forecast = forecast;
}

void
progressfacts_found_all(void)
{
	state.found_all = true;
}

uint64_t
progressfacts_elapsed(void)
{
	return clock_now() - state.began;
}

/* Return the bytes that have moved, where they are written behind, those that are on the
   device; and those that were compared.  */
static uint64_t
arrived(void)
{
	const uint64_t moved = totals_read(COUNT_MOVED), unwritten = dirty_all();

	if (moved > unwritten && moved - unwritten > state.arrived)
		state.arrived = moved - unwritten;
	if (state.arrived > moved)	/* A copy failed.  */
		state.arrived = moved;
	return state.arrived + totals_read(COUNT_COMPARED);
}

void
progressfacts_here(const char *name, uint64_t size)
{
	state.here = name;
	state.here_size = size;
	if (name != NULL && state.shown)
		state.here_moved = arrived();
}

void
progressfacts_naming(char *(*current)(void *context), void *context)
{
	state.current = current;
	state.current_context = context;
}

void
progressfacts_workers(progressfacts_ask *worker, void *context)
{
	state.worker = worker;
	state.worker_context = context;
}

enum progressfacts_worker
progressfacts_worker(unsigned number, char **name)
{
	*name = NULL;
	return state.worker == NULL ? PROGRESSFACTS_COPIES
		: state.worker(state.worker_context, number, name);
}

/* Return the name of the current file, or NULL.  Valid until the next call.  */
static const char *
current_name(void)
{
	static char *name;

	free(name);
	name = state.here == NULL && state.current != NULL
		? state.current(state.current_context) : NULL;
	return name != NULL ? name : state.here;
}

/* Return whether there may be more than the copy itself has found, which doesn't see what
   is below a directory that failed.  */
static bool
is_hidden(const struct forecast *forecast)
{
	return forecast != NULL && forecast->whole && message_status() != 0;
}

void
progressfacts_total(struct progressline_facts *facts)
{
	const struct forecast *const forecast = state.forecast;
	const uint64_t missed = totals_read(COUNT_MISSED),
		expected = totals_read(COUNT_EXPECTED) + missed,
		foreseen = forecast == NULL ? 0
			: forecast->bytes + totals_read(COUNT_AMENDED) + missed;

	facts->found = totals_read(COUNT_FOUND);
	if (state.found_all && totals_read(COUNT_OPENED) >= facts->found) {
		facts->total = is_hidden(forecast) && foreseen > expected ? foreseen
			: expected;
		facts->whole = true;
	} else if (forecast != NULL) {
		facts->whole = forecast->whole;
		facts->total = facts->whole || foreseen > expected ? foreseen : expected;
	}
	if (forecast != NULL && facts->found < forecast->files)
		facts->found = forecast->files;
}

struct progressline_facts
progressfacts_look(void)
{
	const uint64_t time = progressfacts_elapsed(), moved = arrived();
	const uint64_t unwritten = totals_left(COUNT_FLUSHING, COUNT_FLUSHED),
		unread = totals_left(COUNT_READING_BACK, COUNT_READ_BACK);
	struct progressline_facts facts = {
		.moved = moved, .elapsed = (double) time / 1e9, .left = -1,
		.done = totals_read(COUNT_REGULAR) + totals_read(COUNT_PASSED),
		.flushing = unwritten > 0, .dirty = unwritten,
		.verifying = unread >= VERIFYING, .unread = unread,
		.name = current_name(), .percent_of_it = -1,
	};

	pace_note(&state.pace, time, moved);
	facts.rate = pace_rate(&state.pace);
	progressfacts_total(&facts);
	if (facts.whole && !facts.flushing && facts.total > moved)
		facts.left = pace_left(&state.pace, facts.total - moved);
	if (state.shown && state.here != NULL && state.here_size > 0
	    && facts.total != state.here_size && moved >= state.here_moved)
		facts.percent_of_it = (int) (100.0 * (double) (moved - state.here_moved)
					     / (double) state.here_size);
	if (facts.percent_of_it > 100)
		facts.percent_of_it = 100;
	return facts;
}
