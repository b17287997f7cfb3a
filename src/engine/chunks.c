/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunks.c: the workers that share a file, from fork to exit.  chunks_copy, at the end,
   is the parent's side and reads from top to bottom.  */
#include "config.h"

#include "engine/chunks.h"

#include <errno.h>
#include <sys/wait.h>

#include "base/crew.h"
#include "base/descriptor.h"
#include "base/ratelimit.h"
#include "base/signals.h"
#include "base/totals.h"
#include "engine/allocate.h"
#include "engine/pagecache.h"
#include "engine/steps.h"
#include "engine/writeback.h"

/* Page-aligned: memcpy is faster.  */
_Alignas(4096) static char buffer[STEP_OF_DEVICE];

/* ---- a worker claims ---- */

/* Return the end of a chunk that begins at START.  What is known to be a hole is one
   chunk, however long.  */
static uint64_t
chunk_end(const struct chunks_worker *w, uint64_t start)
{
	const uint64_t chunk = w->chunks->plan->chunk;
	uint64_t end = start + chunk;

	if (start >= w->hole && end < (uint64_t) w->data.start)
		end = (uint64_t) w->data.start / chunk * chunk;
	return end < w->chunks->size ? end : w->chunks->size;
}

/* Return whether the other workers, by their latest speeds, will have done all that is
   left from START on before this one would have done LEN bytes.  So one that is slow,
   because its memory has yet to be found for example, holds nobody up.  */
static bool
is_too_slow(const struct chunks_worker *w, uint64_t start, uint64_t len)
{
	const struct chunks *const chunks = w->chunks;
	const uint64_t own = atomic_load(&w->slot->speed);
	uint64_t others = 0;
	uint64_t left = chunks->size - start;

	for (unsigned i = 0; i < chunks->plan->count && !w->stays; i++) {
		const struct chunks_slot *const slot = &chunks->share->slots[i];
		const uint64_t at = atomic_load(&slot->at), end = atomic_load(&slot->end);
		if (slot == w->slot)
			continue;
		others += atomic_load(&slot->speed);
		left += at < end ? end - at : 0;	/* what it is copying */
	}
	return own != 0 && (double) len * (double) others > (double) left * (double) own;
}

/* Claim the next chunk.  Return false if there is none, or if it is left to others.  It
   is written to the slot before it is claimed, so that each claimed chunk is in a slot
   whenever a worker dies; at worst one is copied twice.  */
static bool
claim(struct chunks_worker *w)
{
	_Atomic uint64_t *const cursor = &w->chunks->share->cursor;
	uint64_t start = atomic_load(cursor);
	uint64_t end;

	do {
		end = start < w->chunks->size ? chunk_end(w, start) : start;
		if (end == start || is_too_slow(w, start, end - start)) {
			/* Another worker has claimed what is in the slot.  */
			atomic_store(&w->slot->at, atomic_load(&w->slot->end));
			atomic_store(&w->slot->speed, 0);
			return false;
		}
		atomic_store(&w->slot->end, end);
		atomic_store(&w->slot->at, start);
	} while (!atomic_compare_exchange_weak(cursor, &start, end));
	return true;
}

void
chunks_advance(const struct chunks_worker *w, uint64_t to)
{
	atomic_store(&w->slot->at, to);
}

uint64_t
chunks_first_speed(const struct chunks_worker *w)
{
	return atomic_load(&w->chunks->share->slots[0].speed);
}

/* ---- a worker copies ---- */

int
chunks_read_write(const struct chunks_worker *w, uint64_t at, uint64_t len,
	bool in_order)
{
	struct error *const error = &w->slot->error;
	const size_t most = w->chunks->plan->streams ? STEP_OF_DEVICE : STEP;

	while (len > 0) {
		const size_t step = ratelimit_piece(len < most ? (size_t) len : most);
		const ssize_t got = descriptor_read(w->source, buffer, step,
						  (off_t) at);
		if (got < 0)
			return error_set_at(error, ERROR_READ, errno, (off_t) at);
		/* The source ended before its size.  */
		if ((size_t) got < step)
			crew_lower(&w->chunks->share->source_end, at + (uint64_t) got);
		if (descriptor_write(w->dest->fd, buffer, (size_t) got,
				   (off_t) at) < 0)
			return error_set_at(error, ERROR_WRITE, errno, (off_t) at);
		at += step;
		len -= step;
		if (in_order)
			chunks_advance(w, at);
	}
	return 0;
}

/* Copy a hole, [AT, END), as the zeros that it is read as.  */
static int
write_hole(const struct chunks_worker *w, uint64_t at, uint64_t end)
{
	if (chunks_read_write(w, at, end - at, true) < 0)
		return -1;
	totals_moved(&w->slot->counts, COUNT_READ_WRITE, end - at);
	return 0;
}

/* Set w->data to the data at or after AT.  Return 0; or -1 with an error in the slot.  */
static int
look(struct chunks_worker *w, uint64_t at)
{
	const struct sparse_plan *const sparse = &w->chunks->transfer->plan->sparse;
	int (*const next)(int, off_t, off_t, struct extent *)
		= sparse->holes == HOLES_READ ? extent_all : extent_next;
	const int found = next(w->source, (off_t) at, (off_t) w->chunks->size, &w->data);

	if (found < 0)
		return error_set_at(&w->slot->error, ERROR_READ, errno, (off_t) at);
	if (found == 0)
		w->data.start = w->data.end = (off_t) w->chunks->size;
	w->hole = at;
	return 0;
}

/* Do what is planned with what is a hole of the source, [AT, END): what can't be filled
   is written, and never through a mapping of the source, which might allocate it.  */
static int
pass_hole(struct chunks_worker *w, uint64_t at, uint64_t end)
{
	struct error *const error = &w->slot->error;

	if (w->chunks->transfer->plan->sparse.holes != HOLES_FILLED)
		return allocate_clear(w->dest, (off_t) at, (off_t) end, error);
	if (allocate_fill(w->dest, (off_t) at, (off_t) end, error) == 0)
		return 0;
	return error->step == ERROR_REFUSED ? write_hole(w, at, end) : -1;
}

/* Copy what is left of the chunk in the slot: its data, and its holes where an old file
   has bytes.  The worker that claimed a chunk decides, once, what of it is data: what
   is a hole may change when a clean page is dropped (xfs, unwritten extents), and if
   two workers disagreed, old bytes would remain.  */
static int
copy_chunk(struct chunks_worker *w, chunks_move *move)
{
	const uint64_t end = atomic_load(&w->slot->end);
	uint64_t at;

	while ((at = atomic_load(&w->slot->at)) < end) {
		if (at >= (uint64_t) w->data.end && look(w, at) < 0)
			return -1;
		const uint64_t start = (uint64_t) w->data.start;
		if (at < start) {
			const uint64_t to = start < end ? start : end;
			if (pass_hole(w, at, to) < 0)
				return -1;
			chunks_advance(w, to);
			continue;
		}
		const uint64_t to = (uint64_t) w->data.end < end ? (uint64_t) w->data.end
			: end;
		if (move(w, at, to) < 0)
			return -1;
	}
	return 0;
}

/* Start to read the chunk [START, END) from its device: sequential.c has the reason.  */
static void
begin_chunk(struct chunks_worker *w, uint64_t start, uint64_t end)
{
	const struct plan *const plan = w->chunks->transfer->plan;

	if (w->drop.wanted)
		dropbehind_enter(&w->drop, (off_t) start, (off_t) end);
	else if (plan->cold && plan->sparse.expected && !plan_is(plan, ENGINE_DIRECT)
		 && end - start <= w->chunks->plan->chunk)
		pagecache_read_ahead(w->source, (off_t) start, (off_t) end);
}

struct chunks_worker
chunks_begin(const struct chunks *chunks, unsigned number, bool nocache)
{
	const struct transfer *const transfer = chunks->transfer;
	struct dest_file *const dest = transfer->dest;

	return (struct chunks_worker) {
		.chunks = chunks,
		.slot = &chunks->share->slots[number],
		.source = chunks->plan->streams
			? descriptor_open_stream(transfer->source->fd)
			: transfer->source->fd,
		.dest = dest, .stays = number == 0,
		.drop = dropbehind_begin(nocache, transfer->source->fd, dest->fd,
					 dest->form == DEST_IN_PLACE),
	};
}

int
chunks_work(struct chunks_worker *w, chunks_move *move, chunks_done *done)
{
	do {		/* First what a dead worker may have left in this slot.  */
		const uint64_t start = atomic_load(&w->slot->at),
			end = atomic_load(&w->slot->end);
		begin_chunk(w, start, end);
		if (copy_chunk(w, move) < 0)
			return -1;
		if (done != NULL)
			done(w, end);
		dropbehind_leave(&w->drop);
	} while (claim(w));
	if (dropbehind_end(&w->drop) < 0)
		return error_set(&w->slot->error, ERROR_FLUSH, errno);
	return 0;
}

/* ---- the parent ---- */

/* Worker WORKER has ended with STATUS.  If it died, fork another one that takes its slot
   and chunk; only once for each file.  Return 0; or -1 with an error, its own if it had
   one.  */
static int
handle_end(struct crew *crew, struct chunks *chunks, unsigned worker, int status,
	struct error *error)
{
	struct chunks_slot *const slot = &chunks->share->slots[worker];

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status) && slot->error.step != ERROR_NO_STEP) {
		*error = slot->error;
		return -1;
	}
	counts_add(chunks->transfer->counts, COUNT_WORKERS_LOST, 1);
	if (counts_get(chunks->transfer->counts, COUNT_WORKERS_LOST) > 1)
		return error_set(error, ERROR_WORKER, 0);
	/* Without another worker, the next engine goes on from the part that is
	   whole.  */
	if (crew_fork(crew, worker, chunks->work, chunks) < 0)
		return error_set(error, ERROR_REFUSED, errno);
	return 0;
}

/* Wait for all workers.  Return 0, or -1 with the first error.  */
static int
watch(struct crew *crew, struct chunks *chunks, struct error *error)
{
	unsigned worker;
	int status;
	int ret;

	while ((ret = crew_wait(crew, &worker, &status)) > 0)
		if (handle_end(crew, chunks, worker, status, error) < 0)
			return -1;
	return ret < 0 ? error_set(error, ERROR_INTERRUPTED, EINTR) : 0;
}

/* Return how many bytes at the start of the file are in place, by the slots of the
   workers.  */
static uint64_t
whole_prefix(const struct chunks_share *share, unsigned workers, uint64_t size)
{
	uint64_t whole = atomic_load(&share->cursor);

	for (unsigned i = 0; i < workers; i++) {
		const uint64_t at = atomic_load(&share->slots[i].at);
		if (at < atomic_load(&share->slots[i].end) && at < whole)
			whole = at;
	}
	return whole < size ? whole : size;
}

/* Add what the N workers of CHUNKS did to the counts of the file.  */
static void
sum_up(const struct chunks *chunks, unsigned n)
{
	struct shares *const shares = chunks->transfer->shares;
	const struct chunks_slot *const slots = chunks->share->slots;

	for (unsigned i = 0; i < n; i++) {
		counts_add_all(chunks->transfer->counts, &slots[i].counts);
		if (i < SHARES_SHOWN) {
			shares->moved[i] = counts_moved(&slots[i].counts);
			shares->kinds[i] = counts_kinds(&slots[i].counts);
		}
	}
	shares->first = slots[0].times;
	if (n > 1)
		shares->second = slots[1].times;
}

/* Fork the workers, fewer if no more can be forked, let them copy everything, and reap
   them.  Return 0, or -1 with an error.  */
static int
run(struct chunks *chunks, struct error *error)
{
	struct dest_file *const dest = chunks->transfer->dest;
	struct crew crew;
	unsigned n = 0;
	int ret;

	crew_open(&crew);
	while (n < chunks->plan->count && crew_fork(&crew, n, chunks->work, chunks) == 0)
		n++;
	ret = n == 0 ? error_set(error, ERROR_REFUSED, errno)
		: watch(&crew, chunks, error);
	crew_close(&crew);
	dest->whole = (off_t) whole_prefix(chunks->share, n, chunks->size);
	if (ret == 0 && dest->whole != (off_t) chunks->size)
		ret = error_set(error, ERROR_WORKER, 0);
	counts_set(chunks->transfer->counts, COUNT_WORKERS, n);
	sum_up(chunks, n);
	return ret;
}

/* Reserve blocks for the copy, and set its size.  Return 0, or -1 with an error.  */
static int
prepare(const struct chunks *chunks, struct error *error)
{
	const struct source *const source = chunks->transfer->source;
	struct dest_file *const dest = chunks->transfer->dest;
	const struct allocate_wish wish = {
		.data = chunks->plan->reserve,
		.holes = chunks->transfer->plan->sparse.holes != HOLES_KEPT,
		.least = chunks->write_below,
		/* Of an old file, nothing is lost if there is no room.  */
		.hurried = !chunks->transfer->plan->exact && dest->form != DEST_IN_PLACE,
	};

	/* Several workers can't cut a file at each hole.  */
	if (chunks->punches && !allocate_can_clear(dest)
	    && allocate_cut(dest, 0, error) < 0)
		return -1;
	return allocate_prepare(dest, source->fd, source->st.st_size, &wish, error);
}

int
chunks_flush_failed(struct error *error)
{
	return error_set(error, signals_fatal() != 0 ? ERROR_INTERRUPTED : ERROR_FLUSH,
			 errno);
}

int
chunks_copy(struct chunks *chunks, struct error *error)
{
	struct dest_file *const dest = chunks->transfer->dest;
	const size_t share_size = sizeof(struct chunks_share)
		+ chunks->plan->count * sizeof(struct chunks_slot);
	int ret = -1;

	chunks->size = (uint64_t) chunks->transfer->source->st.st_size;
	chunks->share = crew_share(share_size);
	if (chunks->share == NULL)
		return error_set(error, ERROR_REFUSED, errno);
	atomic_store(&chunks->share->source_end, chunks->size);
	if (prepare(chunks, error) < 0 || run(chunks, error) < 0)
		goto out;
	const uint64_t end = atomic_load(&chunks->share->source_end);
	if (end < chunks->size && allocate_resize(dest, (off_t) end, error) < 0)
		goto out;
	ret = chunks->transfer->sync && writeback_range(dest->fd, dest->whole) < 0
		? chunks_flush_failed(error) : 0;
out:
	crew_unshare(chunks->share, share_size);
	return ret;
}
