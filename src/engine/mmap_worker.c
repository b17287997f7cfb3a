/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mmap_worker.c: a worker copies the data of its chunks window by window, from mapping to
   mapping or, where that is planned, by a system call.  */
#include "config.h"

#include "engine/mmap_worker.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/guard.h"
#include "base/memory.h"
#include "base/ratelimit.h"
#include "base/totals.h"
#include "engine/allocate.h"
#include "engine/steps.h"
#include "engine/userfault.h"

struct worker {
	struct chunks_worker chunk;
	const struct mapped *mapped;
	struct mapping_pair *map;	/* its own, since it was forked */
	bool writer;		/* it is the one that writes, as planned */
	struct trial trial;	/* of the ways to write, or to store */
	uint64_t kept;		/* bytes moved when it last gave its mappings back */
	int supply;		/* for pages of the destination; -1: they are touched */
};

/* ---- not into a mapping ---- */

/* Return whether LEN bytes of data are so few that reading them is faster than mapping
   the source.  */
static bool
is_worth_reading(const struct worker *w, uint64_t len)
{
	return len < w->mapped->plan->read_below;
}

/* Write [AT, AT+LEN) from the source's mapping, STEP bytes a call, if that pays and its
   pages are available; else, and where STEP is 0, read and write it.  */
static int
write_window(struct worker *w, uint64_t at, size_t len, size_t step)
{
	if (step == 0 || is_worth_reading(w, len))
		return chunks_read_write(&w->chunk, at, len, true);
	if (mapping_write(w->map, w->chunk.dest->fd, at, len, step) < 0)
		return errno == EFAULT ? chunks_read_write(&w->chunk, at, len, true)
			: error_set_at(&w->chunk.slot->error, ERROR_WRITE, errno,
				       (off_t) at);
	chunks_advance(&w->chunk, at + len);
	return 0;
}

/* Return how much of LEN bytes to copy at a time, through mappings.  */
static size_t
piece(const struct worker *w, uint64_t len)
{
	const uint64_t window = w->mapped->plan->window;

	return ratelimit_piece((size_t) (len < window ? len : window));
}

/* Write [AT, END) likewise.  Return END, or -1.  */
static int64_t
write_data(struct worker *w, uint64_t at, uint64_t end, size_t step)
{
	while (at < end) {
		const size_t len = piece(w, end - at);
		if (write_window(w, at, len, step) < 0)
			return -1;
		at += len;
		chunks_moved(&w->chunk, COUNT_READ_WRITE, at, len);
	}
	return (int64_t) end;
}

/* Return whether the data that was found last is so short that any worker writes it.  */
static bool
is_short(const struct worker *w)
{
	const struct extent *const data = &w->chunk.data;

	return (uint64_t) (data->end - data->start) < w->mapped->plan->write_below;
}

/* ---- into a mapping ---- */

/* Supply the pages of a window [AT, AT+LEN) with their bytes.  Part of a page is read and
   written, and so is all of it where a page is unavailable or was made by a worker that
   died.  */
static int
supply_window(struct worker *w, uint64_t at, size_t len)
{
	const size_t page = memory_page_size();
	size_t whole = at % page == 0 ? len - len % page : 0;

	if (whole > 0 && mapping_supply(w->map, w->supply, at, whole) < 0)
		whole = 0;
	return chunks_read_write(&w->chunk, at + whole, len - whole, true);
}

/* Copy [AT, AT+LEN) of a window.  Where an old file is to have holes, not through its
   mapping: its cached pages may be in large folios, and a store into one of these
   allocates blocks for all of it, holes just punched included (ext4, 6.18).  */
static int
store(struct worker *w, uint64_t at, size_t len)
{
	if (w->supply >= 0)
		return supply_window(w, at, len);
	if (!w->mapped->beside_holes
	    && (is_worth_reading(w, len) ? mapping_read(w->map, w->chunk.source, at, len)
		: mapping_copy(w->map, at, len)) == 0)
		return 0;
	return chunks_read_write(&w->chunk, at, len, true);
}

/* Copy the window [AT, AT+LEN), and leave holes where its blocks are zeros.  */
static int
store_or_punch(struct worker *w, uint64_t at, size_t len)
{
	const uint64_t end = at + len;

	while (at < end) {
		bool zeros;
		const ssize_t run = mapping_zeros(w->map, at, (size_t) (end - at),
						  &zeros);
		if (run < 0)
			break;
		const uint64_t to = at + (uint64_t) run;
		if (zeros && allocate_clear(w->chunk.dest, (off_t) at, (off_t) to,
					    &w->chunk.slot->error) < 0)
			return -1;
		if (!zeros && store(w, at, (size_t) run) < 0)
			return -1;
		at = to;
	}
	return at == end ? 0 : store(w, at, (size_t) (end - at));
}

/* Store [AT, END) into the mapping, where page faults bring in FOLIOS.  Return END, or
   -1.  */
static int64_t
store_data(struct worker *w, uint64_t at, uint64_t end, enum mapping_folios folios)
{
	const bool zeros = w->mapped->chunks.transfer->plan->sparse.zeros;

	if (folios != w->map->wish.folios && w->map->wish.folios != MAPPING_PAGES)
		mapping_advise(w->map, folios);
	while (at < end) {
		const size_t len = piece(w, end - at);
		if ((zeros ? store_or_punch(w, at, len) : store(w, at, len)) < 0)
			return -1;
		at += len;
		chunks_advance(&w->chunk, at);
		chunks_moved(&w->chunk, COUNT_MAPPED, at, len);
	}
	return (int64_t) end;
}

/* ---- a worker ---- */

/* Move [AT, END) in WAY.  Return the offset reached, which is less than END if WAY won't
   serve from there on; or -1, with an error in the slot.  */
static int64_t
move_in(struct worker *w, enum way way, uint64_t at, uint64_t end)
{
	switch (way) {
	case WAY_KERNEL:
		return chunks_by_kernel(&w->chunk, at, end);
	case WAY_WRITE:
		return write_data(w, at, end, SIZE_MAX);
	case WAY_WRITE_SMALL:
		return write_data(w, at, end, STEP_SMALL);
	case WAY_HUGE:
		return store_data(w, at, end, MAPPING_HUGE);
	case WAY_GROWING:
		return store_data(w, at, end, MAPPING_GROWING);
	default:
		return write_data(w, at, end, 0);
	}
}

/* Copy data, [AT, END), of the chunk, each window in the way that the trial says: a
   chunks_move.  */
static int
copy_data(struct chunks_worker *worker, uint64_t at, uint64_t end)
{
	struct worker *const w = (struct worker *) worker;

	if (!w->writer && is_short(w))
		return write_data(w, at, end, SIZE_MAX) < 0 ? -1 : 0;
	while (at < end) {
		const uint64_t to = at + trial_window(&w->trial, end - at);
		const enum way way = trial_next(&w->trial, to - at);
		const uint64_t begun = clock_now();
		const int64_t reached = move_in(w, way, at, to);
		if (reached < 0)
			return -1;
		if ((uint64_t) reached < to && !trial_exclude(&w->trial, way))
			trial_allow(&w->trial, WAY_GROWING);
		trial_took(&w->trial, way, (uint64_t) reached - at, clock_now() - begun);
		at = (uint64_t) reached;
		atomic_store(&worker->slot->speed, trial_speed(&w->trial));
		if (!worker->stays)
			trial_expect(&w->trial, chunks_first_speed(worker));
	}
	return 0;
}

/* All below END is done: give its mappings back, if enough was moved for that since, or
   if pages that are mapped could not leave memory.  A hole has no pages.  */
static void
give_back(struct chunks_worker *worker, uint64_t end)
{
	struct worker *const w = (struct worker *) worker;
	const uint64_t moved = counts_moved(&worker->slot->counts);

	if (!worker->drop.wanted && moved - w->kept < MAPPING_KEPT)
		return;
	mapping_give_back(w->map, end);
	w->kept = moved;
}

int
mmap_worker(void *context, unsigned number)
{
	struct mapped *const mapped = context;
	const struct mmap_plan *const plan = mapped->plan;
	const bool writer = plan->write.ways != 0 && number == 0;
	struct worker w = {
		.mapped = mapped, .map = &mapped->map, .supply = -1, .writer = writer,
		.trial = trial_begin(writer ? &plan->write : &plan->store),
	};

	guard_install();
	if (plan->supply && !writer && mapping_is_whole(w.map))
		w.supply = userfault_open(w.map->dest, w.map->dest_len);
	w.chunk = chunks_begin(&mapped->chunks, number,
			       mapped->chunks.transfer->plan->nocache);
	const int ret = chunks_work(&w.chunk, copy_data, give_back);
	trial_tell(&w.trial, &w.chunk.slot->times);
	return ret;
}
