/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blockhash.c: hash the source block by block.  A block belongs to one process at a time;
   one that takes over from a worker that died begins the block again.  */
#include "config.h"

#include "engine/blockhash.h"

#include <string.h>
#include <sys/mman.h>

/* Blocks of what has no size: 16 TiB, of which only what is needed gets memory.  */
#define MOST ((size_t) 16 << 20)

/* ---- the hashes ---- */

int
blockhash_open(struct blockhashes *hashes, uint64_t size, bool unsized)
{
	const uint64_t blocks = size / BLOCKHASH_BLOCK + (size % BLOCKHASH_BLOCK != 0);

	*hashes = (struct blockhashes) { .of = hashes->few, .room = BLOCKHASH_FEW };
	if (blocks <= BLOCKHASH_FEW && !unsized)
		return 0;
	hashes->room = unsized || blocks > MOST ? MOST : (size_t) blocks;
	hashes->of = mmap(NULL, hashes->room * sizeof *hashes->of, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (hashes->of != MAP_FAILED)
		return 0;
	hashes->of = NULL;
	return -1;
}

void
blockhash_close(struct blockhashes *hashes)
{
	if (hashes->of != NULL && hashes->of != hashes->few)
		munmap(hashes->of, hashes->room * sizeof *hashes->of);
	hashes->of = NULL;
}

/* ---- a process that hashes ---- */

int
blockhash_write(struct blockhash_writer *w, struct blockhashes *hashes)
{
	struct hash *const hash = hash_new(HASH_XXH128);

	if (hash == NULL)
		return -1;
	*w = (struct blockhash_writer) { .to = hashes, .hash = hash };
	return 0;
}

void
blockhash_begin(struct blockhash_writer *w, uint64_t at)
{
	if (w->to == NULL)
		return;
	if (w->begun)
		hash_begin(w->hash);
	w->begun = false;
	w->at = at;
}

/* Note the hash of the block that ends at w->at.  One for which there is no room (the
   source has grown) isn't noted: then the hashes don't become complete.  */
static void
end_block(struct blockhash_writer *w)
{
	const uint64_t i = (w->at - 1) / BLOCKHASH_BLOCK;
	unsigned char digest[HASH_BYTES];

	if (i < w->to->room && hash_end(w->hash, digest) == 0)
		memcpy(w->to->of[i].bytes, digest, sizeof w->to->of[i].bytes);
	hash_begin(w->hash);
	w->begun = false;
}

/* Add LEN bytes that don't reach beyond the block: DATA, or zeros if that is NULL.  */
static void
add(struct blockhash_writer *w, const void *data, size_t len)
{
	if (data != NULL)
		hash_add(w->hash, data, len);
	else
		hash_add_zeros(w->hash, len);
	w->begun = true;
	w->at += len;
	if (w->at % BLOCKHASH_BLOCK == 0)
		end_block(w);
}

/* Return LEN, or what is left of the block if that is less.  */
static size_t
piece(const struct blockhash_writer *w, uint64_t len)
{
	const uint64_t left = BLOCKHASH_BLOCK - w->at % BLOCKHASH_BLOCK;

	return (size_t) (len < left ? len : left);
}

void
blockhash_reach(struct blockhash_writer *w, uint64_t at)
{
	while (w->to != NULL && w->at < at) {
		const size_t len = piece(w, at - w->at);
		if (len == BLOCKHASH_BLOCK)
			w->at = at - at % BLOCKHASH_BLOCK;
		else
			add(w, NULL, len);
	}
}

void
blockhash_add(struct blockhash_writer *w, uint64_t at, const void *data, size_t len)
{
	const char *from = data;

	blockhash_reach(w, at);
	while (w->to != NULL && len > 0) {
		const size_t n = piece(w, len);
		add(w, from, n);
		from += n;
		len -= n;
	}
}

void
blockhash_end(struct blockhash_writer *w, uint64_t at)
{
	blockhash_reach(w, at);
	if (w->to != NULL && w->begun)
		end_block(w);
}

void
blockhash_stop(struct blockhash_writer *w)
{
	hash_free(w->hash);
	*w = (struct blockhash_writer) { .to = NULL };
}
