/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify.c: read the blocks of a copy, in several processes if there are many, and
   compare each with what was read of the source.  */
#include "config.h"

#include "engine/verify.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crew.h"
#include "base/descriptor.h"
#include "base/signals.h"
#include "base/timer.h"
#include "base/totals.h"
#include "engine/blockhash.h"
#include "engine/dropbehind.h"
#include "engine/extent.h"

enum { BLOCK = BLOCKHASH_BLOCK, PAGE = 4096 };

/* What the processes share.  */
struct share {
	_Atomic uint64_t cursor;	/* the next block, bytes */
	_Atomic uint64_t first;		/* bytes; UINT64_MAX: nothing differs */
	_Atomic uint64_t differing;
	_Atomic uint64_t done;		/* bytes, for the progress line */
	_Atomic uint64_t unlike;	/* the first block with another hash; likewise */
	atomic_flag has_error;
	struct error error;
};

struct reading {
	const struct verify_job *verify;
	struct share *share;
	/* Each process has its own: */
	struct hash *hash;
	struct dropbehind drop_source, drop_copy;
};

/* Blocks of the copy and of the source: each process has its own.  O_DIRECT wants them
   aligned.  Only those who verify pay for them.  */
static char *old, *fresh;

/* ---- one block ---- */

/* Read LEN bytes of the copy at AT, and what is left of the last page, into old.  Return
   the bytes read, or -1 with errno: EINVAL if O_DIRECT gave a part of a page and doesn't
   go on from there.  */
static ssize_t
read_back(const struct verify_job *verify, uint64_t at, size_t len)
{
	const int fd = verify->copy;
	const size_t rounded = (len + PAGE - 1) / PAGE * PAGE;
	/* The largest file there can be ends within a page.  */
	const size_t pages = at > (uint64_t) INT64_MAX - rounded ? len : rounded;
	size_t have = 0;

	while (have < len) {
		const ssize_t n = verify->in_order
			? read(fd, old + have, pages - have)
			: pread(fd, old + have, pages - have, (off_t) (at + have));
		if (n < 0 && errno == EINTR && signals_fatal() == 0)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		have += (size_t) n;
	}
	return (ssize_t) have;
}

/* Return how many of the LEN bytes of both buffers differ, from *FIRST on.  */
static size_t
count_differing(size_t len, size_t *first)
{
	size_t n = 0;

	if (memcmp(fresh, old, len) == 0)
		return 0;
	for (size_t i = len; i > 0; i--)
		if (fresh[i - 1] != old[i - 1]) {
			*first = i - 1;
			n++;
		}
	return n;
}

/* Note that N bytes differ, the first of them at FIRST.  */
static void
note_differing(struct share *share, uint64_t first, uint64_t n)
{
	if (n == 0)
		return;
	crew_lower(&share->first, first);
	atomic_fetch_add(&share->differing, n);
}

/* Compare the LEN bytes at AT of the source with those of the copy, of which there are
   KEPT.  Return 0, or -1 with an error.  */
static int
compare_bytes(const struct reading *reading, uint64_t at, size_t len, size_t kept,
	struct error *error)
{
	size_t first = 0;
	const ssize_t got = descriptor_read(reading->verify->source, fresh, len,
					    (off_t) at);

	if (got < 0)
		return error_set_at(error, ERROR_READ, errno, (off_t) at);
	const size_t have = (size_t) got < kept ? (size_t) got : kept;
	const size_t n = count_differing(have, &first);
	note_differing(reading->share, at + first, n);
	note_differing(reading->share, at + have, len - have);
	return 0;
}

/* Return whether the LEN bytes of the copy, the block at AT, have the hash that the
   source's have.  */
static bool
has_hash(const struct reading *reading, uint64_t at, size_t len)
{
	static const struct blockhash hole;
	const struct blockhash *const of = &reading->verify->hashes->of[at / BLOCK];
	unsigned char digest[HASH_BYTES];

	if (memcmp(of, &hole, sizeof hole) == 0)
		return old[0] == 0 && memcmp(old, old + 1, len - 1) == 0;
	return hash_begin(reading->hash) == 0 && hash_add(reading->hash, old, len) == 0
		&& hash_end(reading->hash, digest) == 0
		&& memcmp(of->bytes, digest, sizeof of->bytes) == 0;
}

/* Verify the LEN bytes at AT, a block.  Return 0, or -1 with an error.  */
static int
compare_block(const struct reading *reading, uint64_t at, size_t len,
	struct error *error)
{
	const struct verify_job *const verify = reading->verify;
	const ssize_t got = read_back(verify, at, len);

	if (got < 0)
		return error_set_at(error, ERROR_VERIFY_READ, errno, (off_t) at);
	const size_t kept = (size_t) got < len ? (size_t) got : len;
	if (verify->hashes == NULL)
		return compare_bytes(reading, at, len, kept, error);
	if (kept == len && has_hash(reading, at, len))
		return 0;
	crew_lower(&reading->share->unlike, at);
	return verify->source < 0 ? 0 : compare_bytes(reading, at, len, kept, error);
}

/* Verify the LEN bytes at AT, a block, and leave memory as is wanted.  Return 0, or -1
   with an error.  */
static int
verify_block(struct reading *reading, uint64_t at, size_t len, struct error *error)
{
	const off_t from = (off_t) at, end = from + (off_t) len;

	if (reading->verify->source >= 0 && reading->verify->hashes == NULL)
		dropbehind_enter(&reading->drop_source, from, end);
	dropbehind_enter(&reading->drop_copy, from, end);
	const int ret = compare_block(reading, at, len, error);
	dropbehind_leave(&reading->drop_copy);
	dropbehind_leave(&reading->drop_source);
	return ret;
}

/* ---- all of them ---- */

/* Return the next block from AT on that has data in either file.  */
static uint64_t
next_block(const struct verify_job *verify, uint64_t at)
{
	if (!verify->holes)
		return at;
	const uint64_t next = (uint64_t) extent_next_of_two(
		verify->copy, verify->source, (off_t) at, (off_t) verify->size);
	return next == verify->size ? next : next - next % BLOCK;
}

/* N bytes more need not be read.  */
static void
is_done(struct share *share, uint64_t n)
{
	atomic_fetch_add(&share->done, n);
	totals_add(COUNT_READ_BACK, n);
}

/* Claim the next block.  Return false if there is none.  */
static bool
claim(const struct reading *reading, uint64_t *at)
{
	const uint64_t size = reading->verify->size;
	_Atomic uint64_t *const cursor = &reading->share->cursor;
	uint64_t start = atomic_load(cursor);

	do {
		if (start >= size)
			return false;
		*at = next_block(reading->verify, start);
	} while (!atomic_compare_exchange_weak(cursor, &start, *at < size ? *at + BLOCK
					       : size));
	is_done(reading->share, *at - start);
	return *at < size;
}

/* Have the buffers, which stay for the next file.  Return false without memory.  */
static bool
have_buffers(void)
{
	if (old == NULL)
		old = aligned_alloc(PAGE, BLOCK);
	if (fresh == NULL)
		fresh = aligned_alloc(PAGE, BLOCK);
	return old != NULL && fresh != NULL;
}

/* Verify blocks until none are left; also the body of a worker.  Return 0, or -1 with an
   error in the share.  */
static int
verify_blocks(void *context, unsigned worker)
{
	struct reading reading = *(const struct reading *) context;
	const struct verify_job *const verify = reading.verify;
	struct error error = ERROR_NONE;
	uint64_t at;
	int ret = 0;

	(void) worker;
	if (!have_buffers()
	    || (verify->hashes != NULL && (reading.hash = hash_new(HASH_XXH128)) == NULL))
		ret = error_set(&error, ERROR_MEMORY, errno);
	reading.drop_source = dropbehind_begin(verify->drop, verify->source, -1, false);
	reading.drop_copy = dropbehind_begin(verify->drop, verify->copy, -1, false);
	while (ret == 0 && claim(&reading, &at)) {
		const uint64_t left = verify->size - at;
		const size_t len = left < BLOCK ? (size_t) left : BLOCK;
		ret = signals_fatal() != 0 ? error_set(&error, ERROR_INTERRUPTED, EINTR)
			: verify_block(&reading, at, len, &error);
		is_done(reading.share, len);
		timer_check();
	}
	dropbehind_end(&reading.drop_copy);
	dropbehind_end(&reading.drop_source);
	hash_free(reading.hash);
	if (ret < 0 && !atomic_flag_test_and_set(&reading.share->has_error))
		reading.share->error = error;
	return ret;
}

/* Verify by workers.  Return 1; 0 if the caller has to do it, because none could be
   forked or one died; -1 if one failed or a signal asks us to end.  */
static int
have_verified(struct reading *reading)
{
	struct crew crew;
	unsigned worker;
	int status, waited;
	int ret = 0;

	crew_open(&crew);
	for (unsigned n = 0; n < reading->verify->jobs; n++)
		if (crew_fork(&crew, n, verify_blocks, reading) == 0)
			ret = 1;
	while ((waited = crew_wait(&crew, &worker, &status)) > 0 && ret >= 0)
		if (status != 0)
			ret = WIFEXITED(status) ? -1 : 0;
	crew_close(&crew);
	return waited < 0 ? -1 : ret;
}

static void
begin(struct share *share)
{
	atomic_store(&share->cursor, 0);
	atomic_store(&share->differing, 0);
	atomic_store(&share->done, 0);
	atomic_store(&share->first, UINT64_MAX);
	atomic_store(&share->unlike, UINT64_MAX);
	atomic_flag_clear(&share->has_error);
	error_set(&share->error, ERROR_INTERRUPTED, EINTR);
}

/* Verify, and leave in SHARE what was found.  Return 0, or -1 with an error there.  */
static int
verify_all(const struct verify_job *verify, struct share *share)
{
	struct reading reading = { .verify = verify, .share = share };
	int ret = 0;

	begin(share);
	if (verify->jobs > 1 && verify->size > BLOCK)
		ret = have_verified(&reading);
	if (ret != 0)
		return ret < 0 ? -1 : 0;
	totals_add(COUNT_READING_BACK, atomic_load(&share->done));
	begin(share);
	return verify_blocks(&reading, 0);
}

int
verify_compare(struct verify_job *verify, struct error *error)
{
	struct share alone;
	struct share *share = verify->jobs > 1 ? crew_share(sizeof *share) : NULL;
	const bool shared = share != NULL;

	if (!shared) {
		verify->jobs = 1;
		share = &alone;
	}
	totals_add(COUNT_READING_BACK, verify->size);
	int ret = verify_all(verify, share);
	if (ret < 0 && share->error.step == ERROR_VERIFY_READ
	    && share->error.err == ESPIPE) {
		/* A file system without offsets (FUSE): nothing was read yet.  */
		verify->in_order = true;
		verify->holes = false;
		verify->jobs = 1;
		totals_add(COUNT_READING_BACK, atomic_load(&share->done));
		ret = verify_all(verify, share);
	}
	totals_add(COUNT_READ_BACK, verify->size - atomic_load(&share->done));
	*error = ret < 0 ? share->error : *error;
	verify->differing = atomic_load(&share->differing);
	verify->first = verify->differing > 0 ? atomic_load(&share->first)
		: atomic_load(&share->unlike);
	if (shared)
		crew_unshare(share, sizeof *share);
	return ret < 0 ? -1 : verify->first != UINT64_MAX;
}
