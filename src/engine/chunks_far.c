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

/* Bytes that are hashed as one, and the most of them in a range.  */
enum { BLOCK = BLOCKHASH_BLOCK, HASHED_MOST = FAR_BLOCKS * BLOCK };

/* Copy [AT, END) here.  */
static int
move_here(struct chunks_worker *w, uint64_t at, uint64_t end)
{
	if (chunks_read_write(w, at, end - at, true) < 0)
		return -1;
	chunks_moved(w, COUNT_READ_WRITE, end, end - at);
	return 0;
}

/* Have [AT, END) copied elsewhere: if it is hashed, whole blocks.  What nobody takes, and
   what is left where the source has ended, is copied here.  */
static int
move_there(struct chunks_worker *w, uint64_t at, uint64_t end)
{
	const struct transfer *const transfer = w->chunks->transfer;
	const bool hashed = transfer->hashes != NULL;
	struct blockhash hashes[FAR_BLOCKS];
	struct error error = ERROR_NONE;
	struct far_range range = {
		.source = w->source, .dest = w->dest->fd,
		.from = (off_t) at, .to = (off_t) end,
		/* What is noted in a journal is on the device, to which nobody else can
		   have it written.  */
		.sync = transfer->sync || (hashed && transfer->hashes->marks != NULL),
		.maps = plan_is(transfer->plan, ENGINE_MMAP),
		.hashes = hashed ? hashes : NULL, .reached = (off_t) at,
	};

	if (far_copy(&range, &error) < 0) {
		if (error.step == ERROR_REFUSED)
			return move_here(w, at, end);
		w->slot->error = error;
		return -1;
	}
	uint64_t reached = (uint64_t) range.reached;
	if (hashed) {
		const size_t whole = (size_t) ((reached - at) / BLOCK);
		blockhash_take(&w->hash, at, hashes, whole);
		reached = at + whole * BLOCK;
	}
	totals_moved(&w->slot->counts, range.engine, reached - at);
	chunks_advance(w, reached);
	return reached < end ? move_here(w, reached, end) : 0;
}

/* A chunks_move: have [AT, END) copied.  Parts of blocks that are hashed are copied
   here.  */
static int
move(struct chunks_worker *w, uint64_t at, uint64_t end)
{
	if (w->chunks->transfer->hashes == NULL)
		return move_there(w, at, end);
	const uint64_t first = (at + BLOCK - 1) / BLOCK * BLOCK;
	const uint64_t last = end / BLOCK * BLOCK;
	if (first >= last)
		return move_here(w, at, end);
	if (at < first && move_here(w, at, first) < 0)
		return -1;
	for (uint64_t from = first, to; from < last; from = to) {
		to = last - from < HASHED_MOST ? last : from + HASHED_MOST;
		if (move_there(w, from, to) < 0)
			return -1;
	}
	return last < end ? move_here(w, last, end) : 0;
}

/* Return the bytes of a range: whole chunks.  */
static uint64_t
unit_of(const struct chunks *chunks)
{
	const uint64_t chunk = chunks->plan->chunk, part = chunks->size / FAR_RANGES;
	uint64_t wanted = part > FAR_RANGE ? part : FAR_RANGE;

	if (chunks->transfer->hashes != NULL && wanted > HASHED_MOST)
		wanted = HASHED_MOST;
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
	if (chunks_begin_hashing(&w) < 0)
		return -1;
	do {
		blockhash_begin(&w.hash, atomic_load(&w.slot->at));
		if (chunks_copy_chunk(&w, move) < 0)
			return -1;
	} while (await(chunks) && chunks_claim(&w));
	return 0;
}
