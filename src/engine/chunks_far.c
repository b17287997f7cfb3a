/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunks_far.c: a worker that has others work.  It claims long chunks, each when somebody
   is idle; what nobody takes in time, it copies itself.  */
#include "config.h"

#include "engine/chunks.h"

#include <time.h>

#include "base/crew.h"
#include "base/signals.h"
#include "engine/far.h"

/* How long to wait until somebody is idle, at first and at most; nanoseconds.  */
enum { PAUSE_LEAST = 100000, PAUSE_MOST = 5000000 };

/* A chunks_move: have [AT, END) copied.  */
static int
move(struct chunks_worker *w, uint64_t at, uint64_t end)
{
	struct error error = ERROR_NONE;
	struct far_range range = {
		.source = w->source, .dest = w->dest->fd,
		.from = (off_t) at, .to = (off_t) end,
		.sync = w->chunks->transfer->sync,
		.maps = plan_is(w->chunks->transfer->plan, ENGINE_MMAP),
		.reached = (off_t) at,
	};

	if (far_copy(&range, &error) < 0) {
		if (error.step == ERROR_REFUSED) {
			if (chunks_read_write(w, at, end - at, true) < 0)
				return -1;
			chunks_moved(w, COUNT_READ_WRITE, end, end - at);
			return 0;
		}
		w->slot->error = error;
		return -1;
	}
	if ((uint64_t) range.reached < end)
		crew_lower(&w->chunks->share->source_end, (uint64_t) range.reached);
	totals_moved(&w->slot->counts, range.engine, end - at);
	chunks_advance(w, end);
	return 0;
}

/* Return the bytes of a range: whole chunks.  */
static uint64_t
unit_of(const struct chunks *chunks)
{
	const uint64_t chunk = chunks->plan->chunk, part = chunks->size / FAR_RANGES;
	const uint64_t wanted = part > FAR_RANGE ? part : FAR_RANGE;

	return (wanted + chunk - 1) / chunk * chunk;
}

/* Wait until somebody is idle elsewhere.  Return false if there is too little left to
   claim.  */
static bool
await(const struct chunks *chunks)
{
	struct timespec pause = { .tv_nsec = PAUSE_LEAST };

	for (;;) {
		const uint64_t at = atomic_load(&chunks->share->cursor);
		if (signals_fatal() != 0 || chunks->size < at + 2 * unit_of(chunks))
			return false;
		if (far_is_wanted())
			return true;
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < PAUSE_MOST)
			pause.tv_nsec *= 2;
	}
}

int
chunks_far_worker(void *context, unsigned number)
{
	const struct chunks *const chunks = context;
	struct chunks_worker w = chunks_begin(chunks, number, false);

	w.unit = unit_of(chunks);
	do {
		if (chunks_copy_chunk(&w, move) < 0)
			return -1;
	} while (await(chunks) && chunks_claim(&w));
	return 0;
}
