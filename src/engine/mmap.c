/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mmap.c: the heart.  One large file, mapped twice, its range split into chunks, a
   forked worker for each, and more chunks claimed from one shared cursor by whoever is
   done.  mmap_copy(), at the end, reads from top to bottom.

   Workers are processes because a page that can't be had then costs one of them and
   not the program, and because they share no lock on an address space.  A worker that
   dies leaves word in its slot of what it had claimed and how far it was.  */
#include "config.h"

#include "engine/mmap.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/wait.h>

#include "base/crew.h"
#include "base/fstype.h"
#include "base/signals.h"
#include "engine/allocate.h"
#include "engine/direct.h"
#include "engine/extent.h"
#include "engine/mapping.h"
#include "engine/mmap_worker.h"
#include "engine/writeback.h"

/* Fork the workers; fewer if there are no processes to be had.  How many.  */
static unsigned
start(struct crew *crew, struct mmap_job *job)
{
	unsigned n = 0;

	while (n < job->plan->workers && crew_fork(crew, n, mmap_worker, job) == 0)
		n++;
	return n;
}

/* What a worker that ended leaves: nothing to do, an error, or its chunk for another,
   which takes its slot; once.  0, or -1 with an error.  */
static int
hear(struct crew *crew, struct mmap_job *job, unsigned worker, int status,
	struct counts *counts, struct error *error)
{
	struct slot *const slot = &job->share->slots[worker];

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status) && slot->error.step != ERROR_NO_STEP) {
		*error = slot->error;
		return -1;
	}
	counts_add(counts, COUNT_WORKERS_LOST, 1);
	if (counts_get(counts, COUNT_WORKERS_LOST) > 1)
		return error_set(error, ERROR_WORKER, 0);
	/* Where no other can be had, the next way goes on from the part that is
	   whole.  */
	if (crew_fork(crew, worker, mmap_worker, job) < 0)
		return error_set(error, ERROR_REFUSED, errno);
	return 0;
}

/* Wait for all of them.  0, or -1 with the first error.  */
static int
watch(struct crew *crew, struct mmap_job *job, struct counts *counts, struct error *error)
{
	unsigned worker;
	int status;
	int ret;

	while ((ret = crew_wait(crew, &worker, &status)) > 0)
		if (hear(crew, job, worker, status, counts, error) < 0)
			return -1;
	return ret < 0 ? error_set(error, ERROR_INTERRUPTED, EINTR) : 0;
}

/* The bytes at the start of the file that are in place, whatever the workers left.  */
static uint64_t
whole_prefix(const struct share *share, unsigned workers, uint64_t size)
{
	uint64_t whole = atomic_load(&share->cursor);

	for (unsigned i = 0; i < workers; i++) {
		const uint64_t at = atomic_load(&share->slots[i].at);
		if (at < atomic_load(&share->slots[i].end) && at < whole)
			whole = at;
	}
	return whole < size ? whole : size;
}

/* Add what the workers of JOB, so many, did to COUNTS, and to SHARES.  */
static void
sum_up(const struct mmap_job *job, unsigned workers, struct counts *counts,
	struct shares *shares)
{
	for (unsigned i = 0; i < workers; i++) {
		const struct counts *const worker = &job->share->slots[i].counts;
		counts_add_all(counts, worker);
		if (i < SHARES_SHOWN)
			shares->moved[i] = counts_moved(worker);
	}
}

/* Have the workers copy everything; nobody is left when it returns.  */
static int
run_workers(struct mmap_job *job, struct counts *counts, struct shares *shares,
	struct error *error)
{
	struct dest_file *const dest = job->dest;
	struct crew crew;
	int ret;

	crew_open(&crew);
	const unsigned workers = start(&crew, job);
	counts_set(counts, COUNT_WORKERS, workers);
	if (workers == 0)
		ret = error_set(error, ERROR_REFUSED, errno);
	else
		ret = watch(&crew, job, counts, error);
	crew_close(&crew);
	dest->whole = (off_t) whole_prefix(job->share, workers, job->size);
	if (ret == 0 && dest->whole != (off_t) job->size)
		ret = error_set(error, ERROR_WORKER, 0);
	sum_up(job, workers, counts, shares);
	return ret;
}

static int
map_both(struct mmap_job *job, const struct source *source)
{
	const enum sparse sparse = job->plan->sparse;
	const bool holes = sparse == SPARSE_ALWAYS
		|| (sparse == SPARSE_AUTO && extent_lacks_blocks(&source->st));

	job->beside_holes = holes && job->dest->form == DEST_IN_PLACE
		&& job->dest->huge_page == 0;
	const struct mapping_wish wish = {
		.source = job->source, .dest = job->dest->fd, .size = job->size,
		.source_page = fstype_huge_page(job->source, source->st.st_dev),
		.dest_page = job->dest->huge_page,
		.folios = holes ? MAPPING_PAGES : job->plan->huge ? MAPPING_HUGE
		: MAPPING_GROWING,
		.exact = job->plan->nocache,
	};
	return mapping_open(&job->map, &wish);
}

int
mmap_copy(const struct plan *plan, const struct source *source, struct dest_file *dest,
	  bool sync, struct counts *counts, struct shares *shares, struct error *error)
{
	const size_t share_size = sizeof(struct share)
		+ plan->workers * sizeof(struct slot);
	struct mmap_job job = {
		.plan = plan, .source = source->fd, .dest = dest,
		.size = (uint64_t) source->st.st_size,
		.map = MAPPING_PAIR_NONE, .direct = DIRECT_CLOSED,
	};
	int ret = -1;

	const struct allocate_wish wish = { .data = plan->reserve,
					   .holes = plan->holes != HOLES_KEPT,
					 .least = (off_t) plan->write_below };
	if ((plan->direct ? direct_open(&job.direct, job.source, dest->fd)
	     : map_both(&job, source)) < 0) {
		/* There is no other way into hugetlbfs: this is its disk that is
		   full.  */
		const bool full = dest->huge_page != 0 && errno == ENOMEM;
		return error_set(error, full ? ERROR_WRITE : ERROR_REFUSED, errno);
	}
	job.share = crew_share(share_size);
	if (job.share == NULL) {
		error_set(error, ERROR_REFUSED, errno);
		goto unmap;
	}
	/* Several workers can't cut a file at each hole.  */
	if (job.beside_holes && !allocate_can_clear(dest)
	    && allocate_cut(dest, 0, error) < 0)
		goto unshare;
	if (allocate_prepare(dest, job.source, source->st.st_size, &wish, error) < 0)
		goto unshare;
	atomic_store(&job.share->source_end, job.size);
	if (run_workers(&job, counts, shares, error) < 0)
		goto unshare;
	const uint64_t end = atomic_load(&job.share->source_end);
	if (end < job.size && allocate_resize(dest, (off_t) end, error) < 0)
		goto unshare;
	if ((sync && writeback_range(dest->fd, dest->whole) < 0)
	    || mapping_sync(&job.map, sync) < 0) {
		error_set(error, signals_fatal() != 0 ? ERROR_INTERRUPTED : ERROR_FLUSH,
			  errno);
		goto unshare;
	}
	ret = 0;
unshare:
	crew_unshare(job.share, share_size);
unmap:
	/* Watchers would take a file that is closed for whole.  */
	dest->also = job.direct.dest;
	job.direct.dest = -1;
	direct_close(&job.direct);
	if (mapping_close(&job.map) < 0 && ret == 0)
		ret = error_set(error, ERROR_WRITE, errno);
	return ret;
}
