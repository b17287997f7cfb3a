/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sequential_hash.c: hash a source that is copied in file order.  */
#include "config.h"

#include <errno.h>

#include "engine/sequential.h"

int
sequential_begin_hashing(struct sequential *s)
{
	struct blockhashes *const hashes = s->transfer->hashes;
	struct dest_file *const dest = s->dest;
	const uint64_t whole = (uint64_t) dest->whole;

	if (hashes == NULL || whole > hashes->covered)
		return 0;
	if (blockhash_write(&s->hash, hashes) < 0)
		return error_set(s->error, ERROR_MEMORY, errno);
	dest->whole = (off_t) (whole - whole % BLOCKHASH_BLOCK);
	blockhash_begin(&s->hash, (uint64_t) dest->whole);
	s->written = s->end = dest->whole;
	return 0;
}

off_t
sequential_pass_resumed(struct sequential *s, off_t at)
{
	const struct blockhashes *const hashes = s->transfer->hashes;
	const uint64_t from = (uint64_t) at, size = (uint64_t) s->source->st.st_size;
	const uint64_t next = from < size ? blockhash_next(hashes, from, size) : from;

	if (next == from)
		return at;
	/* What was a hole up to the block that is there.  */
	blockhash_reach(&s->hash, from - from % BLOCKHASH_BLOCK);
	blockhash_begin(&s->hash, next);
	s->dest->whole = (off_t) next;
	return (off_t) next;
}

void
sequential_end_hashing(struct sequential *s, bool done)
{
	struct blockhashes *const hashes = s->transfer->hashes;

	if (done && s->hash.to != NULL)
		hashes->complete = blockhash_has_room(hashes,
						      (uint64_t) s->dest->whole);
	blockhash_stop(&s->hash);
}
