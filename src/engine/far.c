/* SPDX-License-Identifier: GPL-3.0-or-later */
/* far.c: ranges of large files, at both ends.  */
#include "config.h"

#include "engine/far.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/guard.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "engine/mapping.h"
#include "engine/steps.h"

static struct far_calls far;

void
far_begin(const struct far_calls *calls)
{
	far = *calls;
}

unsigned
far_workers(void)
{
	return far.workers;
}

bool
far_may_help(off_t size)
{
	return far.workers > 0 && size >= 4 * FAR_RANGE;
}

bool
far_is_wanted(void)
{
	return far.workers > 0 && far.is_wanted();
}

int
far_copy(struct far_range *range, struct error *error)
{
	return far.copy(range, error);
}

/* ---- elsewhere ---- */

/* Copy as much of RANGE as copy_file_range will, from AT on.  Return the offset that was
   reached.  */
static off_t
copy_by_kernel(const struct far_range *range, off_t at)
{
	enum { PIECE = 64 << 20 };	/* a signal isn't heard in between */

	while (at < range->to && signals_fatal() == 0) {
		off_t from = at, to = at;
		const off_t left = range->to - at;
		const ssize_t n = sys_copy_range(range->source, &from, range->dest, &to,
						 left < PIECE ? (size_t) left : PIECE);
		if (n <= 0)
			break;
		at += n;
	}
	return at;
}

/* Add the LEN bytes of DATA before AT to HASH, if there is one, and note that of a block
   which ends at AT.  */
static void
add(const struct far_range *range, struct hash *hash, off_t at, const void *data,
	size_t len)
{
	unsigned char digest[HASH_BYTES];

	if (hash == NULL)
		return;
	hash_add(hash, data, len);
	if (at % BLOCKHASH_BLOCK != 0)
		return;
	if (hash_end(hash, digest) == 0)
		memcpy(&range->hashes[(at - 1 - range->from) / BLOCKHASH_BLOCK], digest,
		       sizeof *range->hashes);
	hash_begin(hash);
}

/* Copy [AT, TO) of RANGE by read and write: the errors that it gets are true.  HASH is
   NULL, or what a block that begins at AT is hashed by.  */
static int
copy_by_hand(struct far_range *range, off_t at, struct hash *hash, struct error *error)
{
	_Static_assert(BLOCKHASH_BLOCK % STEP == 0, "a step ends where its block does");
	_Alignas(4096) static char buffer[STEP];

	while (at < range->to) {
		const size_t left = (size_t) (range->to - at);
		const size_t step = left < sizeof buffer ? left : sizeof buffer;
		const ssize_t got = signals_fatal() != 0 ? (errno = EINTR, -1)
			: descriptor_read(range->source, buffer, step, at);
		if (got < 0)
			return error_set_at(error, ERROR_READ, errno, at);
		if (descriptor_write(range->dest, buffer, (size_t) got, at) < 0)
			return error_set_at(error, ERROR_WRITE, errno, at);
		at += got;
		add(range, hash, at, buffer, (size_t) got);
		range->reached = at;
		if ((size_t) got < step)
			break;
	}
	return 0;
}

/* Store as much of RANGE as is available into a mapping of the copy.  Return the offset
   that was reached.  */
static off_t
copy_by_mapping(const struct far_range *range)
{
	enum { WINDOW = 256 << 10 };	/* as in parts.c */
	struct mapping_pair map = MAPPING_PAIR_NONE;
	struct stat st;
	off_t at = range->from;

	if (fstat(range->source, &st) < 0)
		return at;
	const struct mapping_wish wish = {
		.source = range->source, .dest = range->dest,
		.size = (uint64_t) st.st_size, .folios = MAPPING_GROWING,
	};
	guard_install();
	if (mapping_open(&map, &wish) < 0)
		return at;
	while (at < range->to && signals_fatal() == 0) {
		const off_t left = range->to - at;
		const size_t len = left < WINDOW ? (size_t) left : WINDOW;
		if (mapping_copy(&map, (uint64_t) at, len) < 0)
			break;
		at += (off_t) len;
		if ((uint64_t) at - map.from >= MAPPING_KEPT)
			mapping_give_back(&map, (uint64_t) at);
	}
	/* What can't be stored is written.  */
	if (mapping_close(&map) < 0)
		return range->from;
	return at;
}

/* Copy RANGE, and hash what is copied.  */
static int
copy_hashed(struct far_range *range, struct error *error)
{
	struct hash *const hash = hash_new(HASH_XXH128);

	if (hash == NULL)
		return error_set(error, ERROR_REFUSED, errno);
	range->engine = COUNT_READ_WRITE;
	range->reached = range->from;
	const int ret = copy_by_hand(range, range->from, hash, error);
	hash_free(hash);
	return ret;
}

/* Copy RANGE in the fastest way.  */
static int
copy_fast(struct far_range *range, struct error *error)
{
	const off_t at = range->reached = range->maps ? copy_by_mapping(range)
		: copy_by_kernel(range, range->from);

	range->engine = at < range->to ? COUNT_READ_WRITE : range->maps ? COUNT_MAPPED
		: COUNT_KERNEL;
	return at < range->to ? copy_by_hand(range, at, NULL, error) : 0;
}

int
far_serve(struct far_range *range, struct error *error)
{
	if ((range->hashes != NULL ? copy_hashed : copy_fast)(range, error) < 0)
		return -1;
	if (range->sync && fdatasync(range->dest) < 0)
		return error_set(error, ERROR_FLUSH, errno);
	return 0;
}
