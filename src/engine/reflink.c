/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reflink.c: the copy shares the source's blocks, and no byte moves.  */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/signals.h"
#include "base/syscalls.h"
#include "base/timer.h"
#include "base/totals.h"
#include "engine/engine.h"
#include "engine/facts.h"
#include "engine/plan.h"

/* No file system's blocks are larger.  */
enum { BLOCK_MOST = 65536 };

enum reason
reflink_why_not(const struct facts *facts)
{
	return facts_why_no_files(facts);
}

/* Clone LEN bytes of SOURCE (0: all) to DEST's offset AT.  Return 0, or -1 with
   errno.  */
static int
try_clone(const struct source *source, const struct dest_file *dest, off_t len, off_t at)
{
	int ret;

	do
		ret = sys_clone_at(dest->fd, source->fd, len, at);
	while (signals_retry(ret));
	return ret;
}

/* Return whether nothing but a clone will do.  */
static bool
is_strict(const struct plan *plan)
{
	return plan->reflink.must || plan->exact;
}

/* Prepare an existing file for a clone of SOURCE: truncate it, if a trial clone past its
   end shows that cloning works.  It has to be empty, because a source that ends within a
   block can't be cloned into a longer file.  Return 0; or -1 with errno, and the old
   bytes are untouched.  */
static int
make_ready(const struct plan *plan, const struct source *source, struct dest_file *dest)
{
	const off_t size = dest->st.st_size;
	const bool has_end = size <= INT64_MAX - 2 * BLOCK_MOST;
	const off_t behind = has_end ? (size + BLOCK_MOST - 1) / BLOCK_MOST * BLOCK_MOST
		: 0;

	if (!has_end && !is_strict(plan)) {
		errno = EFBIG;
		return -1;
	}
	/* No more than a block, because of ulimit -f; but all if it has less by now.  */
	if (has_end && try_clone(source, dest, BLOCK_MOST, behind) < 0
	    && (errno != EINVAL || try_clone(source, dest, 0, behind) < 0))
		return -1;
	dest->touched = true;
	dest->st.st_size = 0;
	return ftruncate(dest->fd, 0);
}

/* Return whether DEST was modified: ENOSPC may come halfway through a clone.  */
static bool
was_modified(const struct dest_file *dest)
{
	struct stat now;

	return fstat(dest->fd, &now) < 0 || now.st_ctim.tv_sec != dest->st.st_ctim.tv_sec
		|| now.st_ctim.tv_nsec != dest->st.st_ctim.tv_nsec;
}

/* No clone could be made, for the reason ERR.  */
static int
clone_failed(const struct plan *plan, struct dest_file *dest, int err,
	struct error *error)
{
	const bool final = error_is_final(err);

	if (final && !dest->touched)
		dest->touched = was_modified(dest);
	if (err == EINTR)
		return error_set(error, ERROR_INTERRUPTED, EINTR);
	return error_set(error, final || plan->reflink.must ? ERROR_CLONE : ERROR_REFUSED,
			 err);
}

int
reflink_copy(struct transfer *transfer, struct error *error)
{
	const struct plan *const plan = transfer->plan;
	const struct source *const source = transfer->source;
	struct dest_file *const dest = transfer->dest;
	struct stat now;
	int ret;

	if (signals_fatal() != 0
	    || (dest->form == DEST_IN_PLACE && dest->st.st_size > 0
		&& make_ready(plan, source, dest) < 0))
		return clone_failed(plan, dest, signals_fatal() != 0 ? EINTR : errno,
				    error);
	do
		ret = sys_clone(dest->fd, source->fd);
	while (signals_retry(ret));
	if (ret < 0)
		return clone_failed(plan, dest, errno, error);
	if (fstat(dest->fd, &now) < 0)
		return error_set(error, ERROR_STAT_DEST, errno);
	dest->touched = true;
	dest->whole = now.st_size;
	counts_add(transfer->counts, COUNT_CLONED, (uint64_t) now.st_size);
	totals_add(COUNT_MOVED, (uint64_t) now.st_size);
	timer_check();
	return 0;
}
