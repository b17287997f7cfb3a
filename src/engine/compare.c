/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare.c: read both files, and write the source's bytes where they differ.  Large
   files are compared by several processes, which claim chunks from a shared cursor.  */
#include "config.h"

#include "engine/compare.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crew.h"
#include "base/descriptor.h"
#include "base/ratelimit.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "base/timer.h"
#include "engine/extent.h"
#include "engine/zeros.h"

/* Memory is bounded: a byte for each chunk, of which there are no more than these.  */
enum { CHUNKS = 65536 };

/* Read at a time, the least chunk, and the unit that is written where it differs.  */
enum { STEP = 256 * 1024, BLOCK = 4096 };

struct compare_share {
	_Atomic uint64_t cursor;	/* the next chunk */
	_Atomic uint64_t differing;	/* bytes */
	_Atomic uint64_t end;		/* offset where the source ended */
	atomic_flag has_error;
	struct error error;
	unsigned char differed[CHUNKS];	/* the last round in which a chunk did; or 0 */
};

/* One pass, as its workers inherit it.  */
struct pass {
	const struct compare *compare;
	enum compare_which which;
};

_Alignas(4096) static char fresh[STEP], old[STEP];

/* Return the bytes of a chunk, so that a file of SIZE may still grow to four times
   that.  */
static uint64_t
chunk_for(uint64_t size)
{
	uint64_t chunk = STEP;

	while (size / chunk >= CHUNKS / 4)
		chunk *= 2;
	return chunk;
}

int
compare_open(struct compare *compare, uint64_t size)
{
	compare->chunk = chunk_for(size);
	compare->share = crew_share(sizeof *compare->share);
	return compare->share != NULL ? 0 : -1;
}

void
compare_close(struct compare *compare)
{
	crew_unshare(compare->share, sizeof *compare->share);
}

void
compare_begin(struct compare *compare, unsigned round, uint64_t size)
{
	/* The file has outgrown the table: the chunks get larger, and all count as
	   new.  */
	if (size / compare->chunk >= CHUNKS) {
		compare->chunk = chunk_for(size);
		memset(compare->share->differed, (int) round - 1, CHUNKS);
	}
	compare->round = round;
	compare->size = size;
	atomic_store(&compare->share->differing, 0);
	atomic_store(&compare->share->end, size);
}

uint64_t
compare_differing(const struct compare *compare)
{
	return atomic_load(&compare->share->differing);
}

uint64_t
compare_end(const struct compare *compare)
{
	return atomic_load(&compare->share->end);
}

/* ---- one chunk ---- */

/* Write LEN bytes at AT of the copy; zeros as a hole if that is wanted and
   possible.  */
static int
rewrite(const struct compare *compare, const char *bytes, size_t len, off_t at,
	struct error *error)
{
	bool zeros;

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

/* Compare LEN bytes at AT, a STEP at most.  Return 1 if they differed, 0 if not, -1 with
   an error.  */
static int
compare_step(const struct compare *compare, off_t at, size_t len, struct error *error)
{
	const ssize_t got = descriptor_read(compare->source, fresh, len, at);
	bool differs = false;

	if (got < 0)
		return error_set_at(error, ERROR_READ, errno, at);
	if ((size_t) got < len)
		crew_lower(&compare->share->end, (uint64_t) (at + got));
	const ssize_t kept = descriptor_read(compare->reader, old, (size_t) got, at);
	if (kept < 0)
		return error_set_at(error, ERROR_REFUSED, errno, at);
	const size_t had = (size_t) kept;
	for (size_t i = 0; i < (size_t) got; ) {
		i += run_of(i, (size_t) got, had, true);
		const size_t run = run_of(i, (size_t) got, had, false);
		if (run > 0 && rewrite(compare, fresh + i, run, at + (off_t) i,
				       error) < 0)
			return -1;
		differs = differs || run > 0;
		atomic_fetch_add(&compare->share->differing, run);
		ratelimit_take(run);
		i += run;
	}
	return differs;
}

/* Return where FD has data, from AT on and before END; END if it has none, AT if it can't
   tell.  */
static off_t
next_in(int fd, off_t at, off_t end)
{
	struct extent data;
	const int found = extent_next(fd, at, end, &data);

	return found < 0 ? at : found == 0 ? end : data.start;
}

/* The same of either file, in whole blocks.  */
static off_t
next_data(const struct compare *compare, off_t at, off_t end)
{
	if (!compare->holes)
		return at;
	const off_t next = next_in(compare->reader, at,
				   next_in(compare->source, at, end));
	return next - (next - at) % BLOCK;
}

static int
compare_chunk(const struct compare *compare, uint64_t start, struct error *error)
{
	const uint64_t left = compare->size - start;
	const off_t end = (off_t) (start + (left < compare->chunk ? left
					    : compare->chunk));
	off_t at = (off_t) start;
	int differs = 0;

	while ((at = next_data(compare, at, end)) < end) {
		const size_t len = end - at < STEP ? (size_t) (end - at) : STEP;
		if (signals_fatal() != 0)
			return error_set(error, ERROR_INTERRUPTED, EINTR);
		const int ret = compare_step(compare, at, len, error);
		if (ret < 0)
			return -1;
		differs |= ret;
		at += (off_t) len;
		timer_check();
	}
	return differs;
}

/* ---- one pass ---- */

/* Return whether PASS looks at a chunk that differed last in round DIFFERED.  */
static bool
is_wanted(const struct pass *pass, unsigned differed)
{
	const unsigned round = pass->compare->round;

	if (pass->which == COMPARE_DIFFERED)
		return differed == round - 1;
	return round == 1 || differed < round - 1;
}

/* Compare chunks of PASS until none are left; also the body of a worker.  Return 0; or -1
   with an error in the share.  */
static int
compare_chunks(void *context, unsigned worker)
{
	const struct pass *const pass = context;
	const struct compare *const compare = pass->compare;
	struct compare_share *const share = compare->share;
	struct error error;
	uint64_t i;

	(void) worker;
	while ((i = atomic_fetch_add(&share->cursor,
				     1)) * compare->chunk < compare->size) {
		unsigned char *const differed = &share->differed[i];
		if (!is_wanted(pass, *differed))
			continue;
		const int ret = compare_chunk(compare, i * compare->chunk, &error);
		if (ret < 0 && !atomic_flag_test_and_set(&share->has_error))
			share->error = error;
		if (ret < 0)
			return -1;
		if (ret > 0)
			*differed = (unsigned char) compare->round;
	}
	return 0;
}

/* Run PASS in workers.  Return 1; 0 if the caller has to do it, because none could be
   forked or one died; -1 if one failed or a signal asks us to end.  */
static int
have_compared(struct pass *pass)
{
	struct crew crew;
	unsigned worker;
	int status, waited;
	int ret = 0;

	crew_open(&crew);
	for (unsigned n = 0; n < pass->compare->jobs; n++)
		if (crew_fork(&crew, n, compare_chunks, pass) == 0)
			ret = 1;
	while ((waited = crew_wait(&crew, &worker, &status)) > 0 && ret >= 0)
		if (status != 0)
			ret = WIFEXITED(status) ? -1 : 0;
	crew_close(&crew);
	return waited < 0 ? -1 : ret;
}

int
compare_pass(struct compare *compare, enum compare_which which, struct error *error)
{
	struct compare_share *const share = compare->share;
	struct pass pass = { .compare = compare, .which = which };
	int ret = 0;

	atomic_store(&share->cursor, 0);
	atomic_flag_clear(&share->has_error);
	error_set(&share->error, ERROR_INTERRUPTED, EINTR);
	if (compare->jobs > 1 && compare->size > compare->chunk)
		ret = have_compared(&pass);
	if (ret == 0) {
		atomic_store(&share->cursor, 0);
		ret = compare_chunks(&pass, 0);
	}
	if (ret >= 0)
		return 0;
	*error = share->error;
	return -1;
}
