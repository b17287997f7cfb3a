/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_CHUNKS_H
#define MMCP_ENGINE_CHUNKS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/counts.h"
#include "base/crew.h"
#include "base/error.h"
#include "base/totals.h"
#include "base/writebehind.h"
#include "engine/blockhash.h"
#include "engine/dropbehind.h"
#include "engine/engine.h"
#include "engine/extent.h"
#include "engine/plan.h"

/* A file in chunks, copied by forked workers: what the engines mmap and direct have in
   common.  A worker claims a chunk from a shared cursor, copies its data by the engine's
   own means, passes its holes, and claims the next.

   Workers are processes because a page that is unavailable then costs one of them and
   not the program, and because they share no lock on an address space.  A worker that
   dies leaves in its slot what it had claimed and how far it was.  */

enum { CHUNKS_CACHE_LINE = 64 };

/* What a worker reports to the parent.  [at, end) is claimed and not yet in place.  */
struct chunks_slot {
	_Alignas(CHUNKS_CACHE_LINE) _Atomic uint64_t at;
	_Atomic uint64_t end;
	_Atomic uint64_t speed;		/* bytes a millisecond; 0: unknown, or it ended */
	struct way_times times;		/* what its trial has shown */
	struct counts counts;		/* what it did */
	struct error error;
};

struct chunks_share {
	_Alignas(CHUNKS_CACHE_LINE) _Atomic uint64_t cursor;	/* of the next chunk */
	_Atomic uint64_t source_end;	/* where reading ended, if before the size */
	struct chunks_slot slots[];
};

/* What the workers inherit.  */
struct chunks {
	const struct transfer *transfer;
	const struct workers_plan *plan;
	unsigned workers;	/* of plan->count, and those who have others work */
	crew_work *work;	/* a worker: chunks_work, with the engine's means */
	uint64_t size;		/* of the source, bytes */
	off_t write_below;	/* no blocks are reserved for data of fewer bytes */
	bool punches;		/* holes are punched in an old file */
	struct chunks_share *share;
};

struct chunks_worker {
	const struct chunks *chunks;
	struct chunks_slot *slot;
	uint64_t unit;		/* bytes of a chunk */
	int source;		/* open; its own if plan->streams */
	bool stays;		/* it claims chunks until none are left */
	struct dest_file *dest;
	struct extent data;	/* the data found last; may lie beyond the chunk */
	uint64_t hole;		/* from here to its start there is none */
	struct dropbehind drop;
	struct blockhash_writer hash;	/* of what chunks_read_write reads */
};

/* Copy data, [AT, END), of a chunk, advance the slot, and count.  WORKER begins with a
   struct chunks_worker.  Return 0; or -1 with an error in its slot.  */
typedef int chunks_move(struct chunks_worker *worker, uint64_t at, uint64_t end);

/* Called when everything below END is done.  */
typedef void chunks_done(struct chunks_worker *worker, uint64_t end);

/* Copy a whole file by forked workers: make room, run them, set the size; with
   transfer->sync, wait for the device.  Return 0, with what they moved in
   transfer->counts and ->shares; or -1 with an error, ERROR_REFUSED if there are no
   workers.  dest->whole then says how many bytes at its start are in place.  */
int
chunks_copy(struct chunks *chunks, struct error *error);

/* Return the state that worker NUMBER of CHUNKS begins with; with NOCACHE it drops
   behind.  The first one stays to the end; the others leave the last chunks to faster
   ones, as far as their slots have speeds.  */
struct chunks_worker
chunks_begin(const struct chunks *chunks, unsigned number, bool nocache);

/* In a worker: hash what is copied, if the transfer wants hashes.  What a dead worker may
   have hashed of the block in the slot is lost.  Return 0, or -1 with an error in the
   slot.  */
int
chunks_begin_hashing(struct chunks_worker *worker);

/* In a worker: claim chunks and copy them by MOVE until none are left; call DONE, unless
   NULL, after each.  Return 0; or -1, with an error in the slot.  */
int
chunks_work(struct chunks_worker *worker, chunks_move *move, chunks_done *done);

/* The parts of that: claim the next chunk, and return false if there is none, or if it is
   left to others; and copy by MOVE what is left of the chunk in the slot.  Return as
   above.  */
bool
chunks_claim(struct chunks_worker *worker);

int
chunks_copy_chunk(struct chunks_worker *worker, chunks_move *move);

/* The work of a worker NUMBER of CONTEXT, a struct chunks, who has ranges copied by
   others (far.h), as long as somebody is idle there.  A crew_work.  */
int
chunks_far_worker(void *context, unsigned number);

/* Return the bytes that the first worker moves in a millisecond; 0 if unknown.  */
uint64_t
chunks_first_speed(const struct chunks_worker *worker);

/* ENGINE (COUNT_...) has moved the N bytes before END: count them, and have them written
   behind.  */
static inline void
chunks_moved(const struct chunks_worker *worker, enum count engine, uint64_t end,
	uint64_t n)
{
	totals_moved(&worker->slot->counts, engine, n);
	writebehind_moved(worker->dest->fd, (off_t) (end - n), (off_t) n);
}

/* Note in the slot that its chunk is in place up to TO, and hashed if that is
   wanted.  */
void
chunks_advance(struct chunks_worker *worker, uint64_t to);

/* Copy [AT, AT+LEN) by pread and pwrite, where the engine's own means failed; it
   succeeds, or gets the true errno.  With IN_ORDER, all of the chunk before AT is in
   place, and the slot advances.  Return 0; or -1 with an error in the slot.  */
int
chunks_read_write(struct chunks_worker *worker, uint64_t at, uint64_t len,
	bool in_order);

/* Copy as much of [AT, END) as copy_file_range will, and advance the slot.  Return the
   offset that was reached; or -1 with an error in the slot.  */
int64_t
chunks_by_kernel(struct chunks_worker *worker, uint64_t at, uint64_t end);

/* Set ERROR for a write-back that failed with errno.  Return -1.  */
int
chunks_flush_failed(struct error *error);

#endif
