/* SPDX-License-Identifier: GPL-3.0-or-later */
/* direct.c: past the page cache (O_DIRECT), by forked workers, each with several requests
   on their way.  What a file system doesn't take so, a part of a block for example, goes
   through the page cache.  */
#include "config.h"

#include <errno.h>

#include "base/totals.h"
#include "engine/chunks.h"
#include "engine/directqueue.h"
#include "engine/engine.h"
#include "engine/facts.h"

/* What the workers inherit.  */
struct direct_copy {
	struct chunks chunks;
	struct direct_files files;
};

struct worker {
	struct chunks_worker chunk;
	const struct direct_files *files;
	struct direct_queue *queue;	/* NULL: all is read and written */
};

/* How many bytes are read and written at a time where there is no queue.  */
enum { STEP = 256 * 1024 };

enum reason
direct_why_not(const struct facts *facts)
{
	const enum reason reason = kernel_why_not(facts);

	return reason == REASON_NONE && !facts->dest_readable
		? REASON_WRITE_ONLY : reason;
}

/* Read and write LEN bytes at AT: for direct_queue_copy, whose requests before this one
   may still be on their way.  */
static int
read_write(void *worker, off_t at, size_t len)
{
	struct worker *const w = worker;

	if (chunks_read_write(&w->chunk, (uint64_t) at, len, false) < 0)
		return -1;
	chunks_moved(&w->chunk, COUNT_READ_WRITE, (uint64_t) at + len, len);
	return 0;
}

/* Read and write [AT, END), where there is no queue.  */
static int
read_write_all(struct worker *w, uint64_t at, uint64_t end)
{
	while (at < end) {
		const size_t len = end - at < STEP ? (size_t) (end - at) : STEP;
		if (read_write(w, (off_t) at, len) < 0)
			return -1;
		at += len;
		chunks_advance(&w->chunk, at);
	}
	return 0;
}

/* Copy data, [AT, END), of the chunk: a chunks_move.  */
static int
copy_data(struct chunks_worker *worker, uint64_t at, uint64_t end)
{
	struct worker *const w = (struct worker *) worker;

	if ((w->queue == NULL ? read_write_all(w, at, end)
	     : direct_queue_copy(w->files, w->queue, (off_t) at, (off_t) end, read_write,
				 w)) < 0)
		return -1;
	chunks_advance(worker, end);
	return 0;
}

static int
direct_worker(void *context, unsigned number)
{
	struct direct_copy *const copy = context;
	struct worker w = {
		.chunk = chunks_begin(&copy->chunks, number, false),
		.files = &copy->files,
	};

	w.queue = direct_queue_new(&w.chunk.slot->counts);
	return chunks_work(&w.chunk, copy_data, NULL);
}

/* Set the plan's why if every byte went through the page cache.  Return 0; or -1 with an
   error if the user insists on O_DIRECT.  */
static int
check_moved(struct transfer *transfer, struct error *error)
{
	struct plan *const plan = transfer->plan;

	if (counts_get(transfer->counts, COUNT_DIRECT) > 0
	    || counts_get(transfer->counts, COUNT_READ_WRITE) == 0)
		return 0;
	if (plan->exact && transfer->source->st.st_size >= DIRECT_BLOCK)
		return error_set_engine(error, plan->engine->name, REASON_NOT_DIRECT, 0);
	plan->why = REASON_NOT_DIRECT;
	plan->why_err = 0;
	return 0;
}

int
direct_copy(struct transfer *transfer, struct error *error)
{
	struct direct_copy copy = {
		.chunks = {
			.transfer = transfer, .work = direct_worker,
			.plan = &transfer->plan->direct.workers,
		},
	};

	if (direct_open(&copy.files, transfer->source->fd, transfer->dest->fd) < 0)
		return error_set(error, ERROR_REFUSED, errno);
	int ret = chunks_copy(&copy.chunks, error);
	if (ret == 0)
		ret = check_moved(transfer, error);
	/* Watchers would take a file that is closed for whole.  */
	transfer->dest->also = copy.files.dest;
	copy.files.dest = -1;
	direct_close(&copy.files);
	return ret;
}
