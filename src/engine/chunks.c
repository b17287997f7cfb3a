/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunks.c: the parent of the workers that share a file, from fork to exit.  */
#include "config.h"

#include "engine/chunks.h"

#include <errno.h>
#include <sys/wait.h>

#include "base/crew.h"
#include "base/signals.h"
#include "base/writebehind.h"
#include "engine/allocate.h"
#include "engine/far.h"
#include "engine/writeback.h"

/* Return what WORKER does.  */
static crew_work *
work_of(const struct chunks *chunks, unsigned worker)
{
	return worker < chunks->plan->count ? chunks->work : chunks_far_worker;
}

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
	if (crew_fork(crew, worker, work_of(chunks, worker), chunks) < 0)
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
	while (n < chunks->workers
	       && crew_fork(&crew, n, work_of(chunks, n), chunks) == 0)
		n++;
	ret = n == 0 ? error_set(error, ERROR_REFUSED, errno)
		: watch(&crew, chunks, error);
	crew_close(&crew);
	writebehind_adopt(dest->fd, (off_t) chunks->size, crew.left);
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

/* Return whether others may copy ranges of the file: they don't spare the page cache, and
   find the copy by its name.  An old file may be cut if we fail, and is not to grow again
   then.  */
static bool
may_be_far(const struct chunks *chunks)
{
	const struct transfer *const transfer = chunks->transfer;
	const enum dest_form form = transfer->dest->form;

	return far_may_help(transfer->source->st.st_size)
		&& !transfer->policy->nocache && !plan_is(transfer->plan, ENGINE_DIRECT)
		&& transfer->dest->huge_page == 0
		&& (form == DEST_HIDDEN || form == DEST_NEW)
		&& S_ISREG(transfer->source->st.st_mode);
}

int
chunks_copy(struct chunks *chunks, struct error *error)
{
	struct dest_file *const dest = chunks->transfer->dest;
	const unsigned far = may_be_far(chunks) ? far_workers() : 0;
	const size_t share_size = sizeof(struct chunks_share)
		+ (chunks->plan->count + far) * sizeof(struct chunks_slot);
	int ret = -1;

	chunks->workers = chunks->plan->count + far;
	chunks->size = (uint64_t) chunks->transfer->source->st.st_size;
	chunks->share = crew_share(share_size);
	if (chunks->share == NULL)
		return error_set(error, ERROR_REFUSED, errno);
	atomic_store(&chunks->share->source_end, chunks->size);
	if (prepare(chunks, error) < 0 || run(chunks, error) < 0)
		goto out;
	const uint64_t end = atomic_load(&chunks->share->source_end);
	if (end < chunks->size) {
		if (allocate_resize(dest, (off_t) end, error) < 0)
			goto out;
		dest->whole = (off_t) end;
	}
	ret = chunks->transfer->sync && writeback_range(dest->fd, dest->whole) < 0
		? chunks_flush_failed(error) : 0;
out:
	crew_unshare(chunks->share, share_size);
	return ret;
}
