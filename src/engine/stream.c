/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stream.c: read and write, in one process and in file order, which serves everything;
   or, of a large file, the fastest way to write that a trial finds; or, where the source
   is hashed on its way, or other ranks take part, by workers.  */
#include "config.h"

#include <errno.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/guard.h"
#include "base/ratelimit.h"
#include "base/signals.h"
#include "engine/blockhash.h"
#include "engine/chunks.h"
#include "engine/engine.h"
#include "engine/inorder.h"
#include "engine/sequential.h"
#include "engine/steps.h"

enum reason
stream_why_not(const struct facts *facts)
{
	(void) facts;
	return REASON_NONE;
}

/* ---- one way ---- */

/* Write [AT, END) from the source's mapping, STEP bytes a call; what has a page that is
   unavailable, by read and write, which have an errno for that.  */
static off_t
write_from_mapping(struct sequential *s, off_t at, off_t end, size_t step)
{
	while (at < end && !s->ended) {
		const size_t len = ratelimit_piece(end - at < STEP
						   ? (size_t) (end - at) : STEP);
		if (signals_fatal() != 0)
			return error_set(s->error, ERROR_INTERRUPTED, EINTR);
		s->dest->touched = true;
		if (mapping_write(&s->map, s->dest->fd, (uint64_t) at, len, step) == 0) {
			at += (off_t) len;
			s->written = at;
			sequential_arrived(s, at, (off_t) len, COUNT_READ_WRITE);
		} else if (errno != EFAULT) {
			return error_set_at(s->error, ERROR_WRITE, errno, at);
		} else if ((at = sequential_read_write(s, at, at + (off_t) len)) < 0) {
			return -1;
		}
	}
	return at;
}

static off_t
move_in(struct sequential *s, enum way way, off_t at, off_t end)
{
	switch (way) {
	case WAY_KERNEL:
		return sequential_copy_range(s, at, end);
	case WAY_WRITE:
		return write_from_mapping(s, at, end, STEP);
	case WAY_WRITE_SMALL:
		return write_from_mapping(s, at, end, STEP_SMALL);
	default:
		return sequential_read_write(s, at, end);
	}
}

/* ---- the fastest way ---- */

/* Return whether data is still to be moved after WAY failed: copy_file_range was refused,
   and there is another way.  */
static bool
goes_on_without(struct sequential *s, enum way way)
{
	if (way != WAY_KERNEL || s->error->step != ERROR_REFUSED)
		return false;
	s->transfer->plan->kernel_refused = true;
	error_set(s->error, ERROR_NO_STEP, 0);
	if (!trial_exclude(&s->trial, WAY_KERNEL))
		trial_allow(&s->trial, WAY_READ_WRITE);
	return true;
}

/* Copy [AT, END), each window in the way that the trial says.  What isn't worth mapping
   is read.  A sequential_move.  */
static off_t
move_by_trial(struct sequential *s, off_t at, off_t end)
{
	if ((uint64_t) (end - at) < s->transfer->plan->stream.read_below)
		return sequential_read_write(s, at, end);
	while (at < end && !s->ended) {
		const uint64_t len = trial_window(&s->trial, (uint64_t) (end - at));
		const enum way way = trial_next(&s->trial, len);
		const uint64_t begun = clock_now();
		const off_t reached = move_in(s, way, at, at + (off_t) len);
		if (reached >= 0) {
			trial_took(&s->trial, way, (uint64_t) (reached - at),
				   clock_now() - begun);
			at = reached;
		} else if (!goes_on_without(s, way)) {
			return -1;
		} else if (s->dest->whole > at) {
			at = s->dest->whole;
		}
		if ((uint64_t) at - s->map.from >= MAPPING_KEPT)
			mapping_give_back(&s->map, (uint64_t) at);
	}
	return at;
}

/* Begin the trial that is planned.  Without a mapping of the source, a buffer does.  */
static void
begin_trial(struct sequential *s)
{
	const struct trial_plan *const plan = &s->transfer->plan->stream.write;
	const struct source *const source = s->source;
	const struct mapping_wish wish = {
		.source = source->fd, .dest = -1, .size = (uint64_t) source->st.st_size,
		.source_page = fs_huge_page(source->fd, source->st.st_dev),
	};

	if ((plan->ways & ~WAY(WAY_READ_WRITE)) == 0 || mapping_open(&s->map, &wish) < 0)
		return;
	s->trial = trial_begin(plan);
	s->move = move_by_trial;
}

/* ---- workers ---- */

/* Copy data, [AT, END), of the chunk: a chunks_move.  */
static int
copy_data(struct chunks_worker *w, uint64_t at, uint64_t end)
{
	const uint64_t most = w->chunks->plan->streams ? STEP_OF_DEVICE : STEP;

	if (w->chunks->transfer->plan->stream.by_kernel) {
		const int64_t reached = chunks_by_kernel(w, at, end);
		if (reached < 0)
			return -1;
		at = (uint64_t) reached;
	}
	while (at < end) {
		const uint64_t len = end - at < most ? end - at : most;
		if (signals_fatal() != 0)
			return error_set(&w->slot->error, ERROR_INTERRUPTED, EINTR);
		if (chunks_read_write(w, at, len, true) < 0)
			return -1;
		at += len;
		chunks_moved(w, COUNT_READ_WRITE, at, len);
	}
	return 0;
}

static int
stream_worker(void *context, unsigned number)
{
	const struct chunks *const chunks = context;
	struct chunks_worker w = chunks_begin(chunks, number,
					      chunks->transfer->plan->nocache);

	return chunks_begin_hashing(&w) < 0 ? -1 : chunks_work(&w, copy_data, NULL);
}

/* Copy by the workers that are planned.  Return as the engine.  */
static int
copy_by_workers(struct transfer *transfer, struct error *error)
{
	struct plan *const plan = transfer->plan;
	const struct dest_file *const dest = transfer->dest;
	struct blockhashes *const hashes = transfer->hashes;
	struct chunks chunks = {
		.transfer = transfer, .plan = &plan->stream.workers,
		.work = stream_worker,
		.punches = dest->form == DEST_IN_PLACE && plan->sparse.expected,
		.write_below = plan->sparse.expected ? STEP : 0,
	};
	const int ret = chunks_copy(&chunks, error);

	if (hashes != NULL) {
		hashes->covered = (uint64_t) dest->whole;
		hashes->complete = ret == 0
			&& dest->whole == transfer->source->st.st_size
			&& blockhash_has_room(hashes, hashes->covered);
	}
	return ret;
}

/* ---- any ---- */

/* Copy by this process.  */
static int
copy_alone(struct transfer *transfer, struct error *error)
{
	struct sequential s = sequential_begin(transfer, sequential_read_write, error);

	s.to_end = true;
	if (sequential_begin_hashing(&s) < 0) {
		sequential_finish(&s, -1);
		return -1;
	}
	if (transfer->plan->stream.write.ways != 0 && sequential_is_sized(&s))
		begin_trial(&s);
	const int ret = inorder_copy(&s);
	if (s.move == move_by_trial)
		trial_tell(&s.trial, &transfer->shares->first);
	sequential_end_hashing(&s, ret == 0);
	return ret;
}

int
stream_copy(struct transfer *transfer, struct error *error)
{
	struct stream_plan *const plan = &transfer->plan->stream;

	if (plan->workers.count > 0) {
		const int ret = copy_by_workers(transfer, error);
		if (ret == 0 || error->step != ERROR_REFUSED)
			return ret;
		plan->workers.count = 0;
		plan->by_kernel = false;
		error_set(error, ERROR_NO_STEP, 0);
	}
	return copy_alone(transfer, error);
}
