/* SPDX-License-Identifier: GPL-3.0-or-later */
/* comparechunk.c: read a part of both files, and write the source's bytes where they
   differ.  */
#include "config.h"

#include "engine/comparechunk.h"

#include <errno.h>
#include <string.h>

#include "base/crew.h"
#include "base/descriptor.h"
#include "base/ratelimit.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "base/timer.h"
#include "base/totals.h"
#include "base/writebehind.h"
#include "engine/extent.h"
#include "engine/pagecache.h"
#include "engine/zeros.h"

/* The unit that is written where it differs.  */
enum { BLOCK = 4096 };

_Alignas(4096) static char fresh[COMPARE_STEP], old[COMPARE_STEP];

/* Write LEN bytes at AT of the copy; zeros as a hole if that is wanted and
   possible.  */
static int
rewrite(const struct compare *compare, const char *bytes, size_t len, off_t at,
	struct error *error)
{
	bool zeros;

	atomic_store(&compare->share->wrote, true);
	if (compare->sparse && zeros_run(bytes, len, at, &zeros) == len && zeros
	    && sys_punch(compare->writer, at, (off_t) len) == 0)
		return 0;
	if (descriptor_write(compare->writer, bytes, len, at) < 0)
		return error_set_at(error, ERROR_WRITE, errno, at);
	return 0;
}

/* Bytes from AT on, of LEN, whose blocks all match (SAME) or all differ; of the old
   ones there are HAD.  */
static size_t
run_of(size_t at, size_t len, size_t had, bool same)
{
	size_t end = at;

	while (end < len) {
		const size_t block = len - end < BLOCK ? len - end : BLOCK;
		const bool is_same = end + block <= had
			&& memcmp(fresh + end, old + end, block) == 0;
		if (is_same != same)
			break;
		end += block;
	}
	return end - at;
}

/* RUN bytes at AT were written: it is more to do than comparing them.  */
static void
count_written(const struct compare *compare, size_t run, off_t at)
{
	atomic_fetch_add(&compare->share->differing, run);
	ratelimit_take(run);
	if (!compare->counted || run == 0)
		return;
	totals_add(COUNT_MOVED, run);
	totals_add(COUNT_EXPECTED, run);
	totals_add(COUNT_AMENDED, run);
	writebehind_moved(compare->writer, at, (off_t) run);
}

/* Write what differs of GOT bytes at AT, which are in memory, as are HAD of the old
   ones.  Return as compare_step.  */
static int
write_differing(const struct compare *compare, off_t at, size_t got, size_t had,
	struct error *error)
{
	bool differs = false;

	for (size_t i = 0; i < got; ) {
		i += run_of(i, got, had, true);
		const size_t run = run_of(i, got, had, false);
		if (run > 0 && rewrite(compare, fresh + i, run, at + (off_t) i,
				       error) < 0)
			return -1;
		differs = differs || run > 0;
		count_written(compare, run, at + (off_t) i);
		i += run;
	}
	return differs;
}

/* Compare LEN bytes at AT, a COMPARE_STEP at most.  Return 1 if they differed, 0 if not,
   -1 with an error.  */
static int
compare_loaded(const struct compare *compare, off_t at, size_t len, struct error *error)
{
	const ssize_t got = descriptor_read(compare->source, fresh, len, at);

	if (got < 0)
		return error_set_at(error, ERROR_READ, errno, at);
	if ((size_t) got < len)
		crew_lower(&compare->share->end, (uint64_t) (at + got));
	const ssize_t kept = descriptor_read(compare->reader, old, (size_t) got, at);
	if (kept < 0 && !compare->mends)
		return error_set_at(error, ERROR_REFUSED, errno, at);
	const size_t had = kept < 0 ? 0 : (size_t) kept;
	atomic_fetch_add(&compare->share->compared, (uint64_t) got);
	if (compare->counted)
		totals_add(COUNT_COMPARED, (uint64_t) got);
	if (compare->writer >= 0)
		return write_differing(compare, at, (size_t) got, had, error);
	const size_t same = run_of(0, (size_t) got, had, true);
	if (same == len)
		return 0;
	crew_lower(&compare->share->first, (uint64_t) at + same);
	return 1;
}

/* compare_loaded, and leave memory as it was, if that is wanted.  */
static int
compare_step(const struct compare *compare, off_t at, size_t len, struct error *error)
{
	static struct pagecache_pages source, copy;
	const off_t end = at + (off_t) len;

	if (!compare->drop)
		return compare_loaded(compare, at, len, error);
	pagecache_look(&source, compare->source, at, end);
	pagecache_look(&copy, compare->reader, at, end);
	const int ret = compare_loaded(compare, at, len, error);
	pagecache_drop(&source, compare->source);
	pagecache_drop(&copy, compare->reader);
	return ret;
}

/* Return where either file has data, from AT on and before END, in whole blocks; END if
   neither has any.  */
static off_t
next_data(const struct compare *compare, off_t at, off_t end)
{
	if (!compare->holes)
		return at;
	const off_t next = extent_next_of_two(compare->source, compare->reader, at, end);
	return next - (next - at) % BLOCK;
}

int
comparechunk(const struct compare *compare, uint64_t start, _Atomic uint64_t *where,
	struct error *error)
{
	const uint64_t left = compare->size - start;
	const off_t end = (off_t) (start + (left < compare->chunk ? left
					    : compare->chunk));
	off_t at = (off_t) start;
	int differs = 0;

	while ((at = next_data(compare, at, end)) < end) {
		const size_t len = end - at < COMPARE_STEP ? (size_t) (end - at)
			: COMPARE_STEP;
		if (signals_fatal() != 0)
			return error_set(error, ERROR_INTERRUPTED, EINTR);
		const int ret = compare_step(compare, at, len, error);
		if (ret < 0)
			return -1;
		differs |= ret;
		if (ret > 0 && compare->writer < 0)
			return 1;
		at += (off_t) len;
		atomic_store(where, (uint64_t) at);
		timer_check();
	}
	return differs;
}
