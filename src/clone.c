/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clone.c: the file system has the copy share the source's blocks, and no byte moves.  */
#include "config.h"

#include "clone.h"

#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "meter.h"
#include "signals.h"
#include "space.h"
#include "sys.h"
#include "tick.h"

/* So much is cloned at a time: between two steps a signal is heard, and told how far it
   is.  Where that takes less than a millisecond, twice as much goes next: 32 steps for 2 GiB
   took 3.8 ms, where cp's one took 3.5 (xfs, 6.18).  */
#define CLONE_STEP ((off_t) 64 << 20)
#define CLONE_MOST ((off_t) 1 << 40)
enum { CLONE_FAST = 1000000 };		/* nanoseconds */

/* No file system's blocks are larger.  */
enum { BLOCK_MOST = 65536 };

/* The blocks at AT could not be cloned, for the reason ERR.  If bytes are to move then, they
   all do: what was cloned before counts for nothing.  */
static int
clone_failed(const struct plan *plan, struct dest *dest, off_t at, int err, struct tally *tally,
	struct fault *fault)
{
	const bool final = fault_is_final(err) || err == EINTR;
	struct stat now;

	/* A disk that is full may be found out halfway; then the ctime has moved.  */
	if (final && at == 0 && !dest->touched)
		dest->touched = fstat(dest->fd, &now) < 0
			|| now.st_ctim.tv_sec != dest->st.st_ctim.tv_sec
			|| now.st_ctim.tv_nsec != dest->st.st_ctim.tv_nsec;
	if (!final && !plan->must_clone) {
		meter_add(METER_MOVED, -tally->cloned);
		tally->cloned = 0;
		dest->whole = 0;
	}
	if (err == EINTR)
		return fault_set(fault, FAULT_INTERRUPTED, EINTR);
	return fault_set(fault, final || plan->must_clone ? FAULT_CLONE : FAULT_REFUSED, err);
}

/* Clone [AT, AT+LEN); the end of a file that is no whole block, only where the destination
   ends there too.  LONGER: it doesn't.  */
static int
clone_step(const struct source *source, struct dest *dest, off_t at, off_t len, bool longer)
{
	const off_t size = source->st.st_size;
	int ret = at == 0 && len == size ? sys_clone(dest->fd, source->fd)
		: sys_clone_range(dest->fd, source->fd, at, at + len < size ? len : 0);

	if (ret < 0 && errno == EINVAL && longer && at + len == size
	    && ftruncate(dest->fd, size) == 0) {
		dest->touched = true;
		ret = sys_clone_range(dest->fd, source->fd, at, 0);
	}
	return ret;
}

int
clone_whole(const struct plan *plan, const struct source *source, struct dest *dest, struct tally *tally,
	struct fault *fault)
{
	const off_t size = source->st.st_size;
	const bool longer = dest->form == DEST_IN_PLACE && dest->st.st_size > size;
	/* The end of it comes last, when it is known that there are clones to be had.  */
	const off_t last = longer && size > BLOCK_MOST ? size % BLOCK_MOST : 0;
	off_t at = 0, most = CLONE_STEP;

	do {
		const off_t left = at < size - last ? size - last - at : size - at;
		const off_t step = left > most ? most : left;
		const uint64_t began = sys_clock();
		int ret;
		if (signals_fatal() != 0)
			return clone_failed(plan, dest, at, EINTR, tally, fault);
		do
			ret = clone_step(source, dest, at, step, longer);
		while (signals_retry(ret));
		if (ret < 0)
			return clone_failed(plan, dest, at, errno, tally, fault);
		if (sys_clock() - began < CLONE_FAST && most < CLONE_MOST)
			most *= 2;
		at += step;
		dest->touched = true;
		dest->whole = at;
		tally->cloned += (uint64_t) step;
		meter_add(METER_MOVED, (uint64_t) step);
		tick_attend();
	} while (at < size);
	if (longer)
		return space_resize(dest, size, fault);
	return 0;
}
