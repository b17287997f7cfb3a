/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunks_worker.c: a worker that shares a file with others: it claims chunks and copies
   them.  */
#include "config.h"

#include "engine/chunks.h"

#include <errno.h>

#include "base/crew.h"
#include "base/descriptor.h"
#include "base/guard.h"
#include "base/ratelimit.h"
#include "base/syscalls.h"
#include "base/writebehind.h"
#include "engine/allocate.h"
#include "engine/pagecache.h"
#include "engine/steps.h"

/* Page-aligned: memcpy is faster.  */
_Alignas(4096) static char buffer[STEP_OF_DEVICE];

/* ---- a worker claims ---- */

/* Return the end of a chunk that begins at START.  What is known to be a hole is one
   chunk, however long.  */
static uint64_t
chunk_end(const struct chunks_worker *w, uint64_t start)
{
	const uint64_t chunk = w->unit;
	const struct blockhashes *const hashes = w->chunks->transfer->hashes;
	uint64_t end = start + chunk;

	if (start >= w->hole && end < (uint64_t) w->data.start)
		end = (uint64_t) w->data.start / chunk * chunk;
	if (end > w->chunks->size)
		end = w->chunks->size;
	return blockhash_next_resumed(hashes, start, end);
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

	for (unsigned i = 0; i < chunks->workers && !w->stays; i++) {
		const struct chunks_slot *const slot = &chunks->share->slots[i];
		const uint64_t at = atomic_load(&slot->at), end = atomic_load(&slot->end);
		if (slot == w->slot)
			continue;
		others += atomic_load(&slot->speed);
		left += at < end ? end - at : 0;	/* what it is copying */
	}
	return own != 0 && (double) len * (double) others > (double) left * (double) own;
}

/* Move the cursor past what an earlier run has copied.  Return where it is then.  */
static uint64_t
pass_resumed(const struct chunks_worker *w)
{
	const struct blockhashes *const hashes = w->chunks->transfer->hashes;
	_Atomic uint64_t *const cursor = &w->chunks->share->cursor;
	uint64_t at = atomic_load(cursor);
	uint64_t next;

	while ((next = blockhash_next(hashes, at, w->chunks->size)) > at
	       && !atomic_compare_exchange_weak(cursor, &at, next))
		;
	return next;
}

/* The next chunk is written to the slot before it is claimed, so that each claimed chunk
   is in a slot whenever a worker dies; at worst one is copied twice.  */
bool
chunks_claim(struct chunks_worker *w)
{
	_Atomic uint64_t *const cursor = &w->chunks->share->cursor;
	uint64_t start = pass_resumed(w);
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
		if (atomic_compare_exchange_weak(cursor, &start, end))
			return true;
		start = pass_resumed(w);
	} while (true);
}

void
chunks_advance(struct chunks_worker *w, uint64_t to)
{
	if (to == w->chunks->size)
		blockhash_end(&w->hash, to);
	else
		blockhash_reach(&w->hash, to);
	atomic_store(&w->slot->at, to);
}

uint64_t
chunks_first_speed(const struct chunks_worker *w)
{
	return atomic_load(&w->chunks->share->slots[0].speed);
}

/* ---- a worker copies ---- */

int
chunks_read_write(struct chunks_worker *w, uint64_t at, uint64_t len,
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
		blockhash_add(&w->hash, at, buffer, (size_t) got);
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

int64_t
chunks_by_kernel(struct chunks_worker *w, uint64_t at, uint64_t end)
{
	while (at < end) {
		off_t in = (off_t) at, out = (off_t) at;
		const ssize_t n = sys_copy_range(w->source, &in, w->dest->fd, &out,
						 ratelimit_piece((size_t) (end - at)));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && error_is_final(errno))
			return error_set_at(&w->slot->error, ERROR_COPY, errno,
					    (off_t) at);
		if (n <= 0)
			break;
		at += (uint64_t) n;
		chunks_advance(w, at);
		chunks_moved(w, COUNT_KERNEL, at, (uint64_t) n);
	}
	return (int64_t) at;
}

/* Copy a hole, [AT, END), as the zeros that it is read as.  */
static int
write_hole(struct chunks_worker *w, uint64_t at, uint64_t end)
{
	if (chunks_read_write(w, at, end - at, true) < 0)
		return -1;
	chunks_moved(w, COUNT_READ_WRITE, end, end - at);
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
int
chunks_copy_chunk(struct chunks_worker *w, chunks_move *move)
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
		.unit = chunks->plan->chunk,
		.source = chunks->plan->streams
			? descriptor_open_stream(transfer->source->fd)
			: transfer->source->fd,
		.dest = dest, .stays = number == 0,
		.drop = dropbehind_begin(nocache, transfer->source->fd, dest->fd,
					 dest->form == DEST_IN_PLACE),
	};
}

int
chunks_begin_hashing(struct chunks_worker *w)
{
	struct blockhashes *const hashes = w->chunks->transfer->hashes;
	const uint64_t left = atomic_load(&w->slot->at);

	if (hashes == NULL)
		return 0;
	guard_install();	/* Hashes may be stored into a mapped file.  */
	if (blockhash_write(&w->hash, hashes) < 0)
		return error_set(&w->slot->error, ERROR_MEMORY, errno);
	if (left < atomic_load(&w->slot->end))
		atomic_store(&w->slot->at, left - left % BLOCKHASH_BLOCK);
	return 0;
}

int
chunks_work(struct chunks_worker *w, chunks_move *move, chunks_done *done)
{
	do {		/* First what a dead worker may have left in this slot.  */
		const uint64_t start = atomic_load(&w->slot->at),
			end = atomic_load(&w->slot->end);
		blockhash_begin(&w->hash, start);
		begin_chunk(w, start, end);
		if (chunks_copy_chunk(w, move) < 0)
			return -1;
		if (done != NULL)
			done(w, end);
		dropbehind_leave(&w->drop);
	} while (chunks_claim(w));
	if (dropbehind_end(&w->drop) < 0 || writebehind_drain() < 0)
		return error_set(&w->slot->error, ERROR_FLUSH, errno);
	return 0;
}
