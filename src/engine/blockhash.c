/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blockhash.c: hash the source block by block.  A block belongs to one process at a time;
   one that takes over from a worker that died begins the block again.  */
#include "config.h"

#include "engine/blockhash.h"

#include <string.h>
#include <sys/mman.h>

#include "base/guard.h"

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

bool
blockhash_has_room(const struct blockhashes *hashes, uint64_t size)
{
	return size <= (uint64_t) hashes->room * BLOCKHASH_BLOCK;
}

void
blockhash_close(struct blockhashes *hashes)
{
	if (hashes->of != NULL && hashes->of != hashes->few && hashes->marks == NULL)
		munmap(hashes->of, hashes->room * sizeof *hashes->of);
	hashes->of = NULL;
}

/* ---- marks ---- */

static size_t
marks_size(size_t count)
{
	return sizeof(struct blockmarks) + count;
}

struct blockmarks *
blockmarks_new(uint64_t size)
{
	const size_t count = (size_t) (size / BLOCKHASH_BLOCK
				       + (size % BLOCKHASH_BLOCK != 0));
	struct blockmarks *const marks = mmap(NULL, marks_size(count),
					      PROT_READ | PROT_WRITE,
					      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (marks == MAP_FAILED)
		return NULL;
	marks->count = count;
	return marks;
}

void
blockmarks_free(struct blockmarks *marks)
{
	if (marks != NULL)
		munmap(marks, marks_size(marks->count));
}

/* Return the first offset in [AT, END) that was copied by an earlier run, or wasn't, as
   RESUMED says; or END.  */
static uint64_t
find(const struct blockmarks *marks, uint64_t at, uint64_t end, bool resumed)
{
	while (at < end) {
		const uint64_t i = at / BLOCKHASH_BLOCK;
		if (i >= marks->count
		    || (atomic_load_explicit(&marks->of[i], memory_order_relaxed)
			>= BLOCKMARK_RESUMED) == resumed)
			return i >= marks->count && resumed ? end : at;
		at = (i + 1) * BLOCKHASH_BLOCK;
	}
	return end;
}

uint64_t
blockhash_next(const struct blockhashes *hashes, uint64_t at, uint64_t end)
{
	return hashes == NULL || hashes->marks == NULL ? at
		: find(hashes->marks, at, end, false);
}

uint64_t
blockhash_next_resumed(const struct blockhashes *hashes, uint64_t at, uint64_t end)
{
	return hashes == NULL || hashes->marks == NULL ? end
		: find(hashes->marks, at, end, true);
}

/* Mark the block that AT is in.  */
static void
mark(struct blockmarks *marks, uint64_t at)
{
	const uint64_t i = at / BLOCKHASH_BLOCK;

	if (i >= marks->count || atomic_load(&marks->of[i]) != BLOCKMARK_NONE)
		return;
	atomic_store(&marks->of[i], BLOCKMARK_PLACED);
	atomic_fetch_add(&marks->placed, BLOCKHASH_BLOCK);
}

/* All blocks of W that end before or at AT are in the copy.  */
static void
mark_to(struct blockhash_writer *w, uint64_t at)
{
	for (; w->to->marks != NULL && at - w->marked >= BLOCKHASH_BLOCK;
	     w->marked += BLOCKHASH_BLOCK)
		mark(w->to->marks, w->marked);
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
	w->at = w->marked = at;
}

/* Note the DIGEST of block I.  One for which there is no room (the source has grown)
   isn't noted: then the hashes don't become complete.  */
static void
note(struct blockhashes *hashes, uint64_t i, const void *digest)
{
	if (i >= hashes->room)
		return;
	if (hashes->marks == NULL)
		memcpy(&hashes->of[i], digest, sizeof hashes->of[i]);
	else if (guard_copy((char *) &hashes->of[i], digest, sizeof hashes->of[i]) < 0)
		atomic_store(&hashes->marks->lost, true);
}

/* Note the hash of the block that ends at w->at.  */
static void
end_block(struct blockhash_writer *w)
{
	unsigned char digest[HASH_BYTES];

	if (hash_end(w->hash, digest) == 0)
		note(w->to, (w->at - 1) / BLOCKHASH_BLOCK, digest);
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
	if (w->to != NULL && at > w->marked)
		mark_to(w, at);
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
blockhash_take(struct blockhash_writer *w, uint64_t at, const struct blockhash *hashes,
	size_t n)
{
	blockhash_reach(w, at);
	for (size_t i = 0; i < n; i++, w->at += BLOCKHASH_BLOCK)
		note(w->to, w->at / BLOCKHASH_BLOCK, &hashes[i]);
	blockhash_reach(w, w->at);
}

void
blockhash_end(struct blockhash_writer *w, uint64_t at)
{
	blockhash_reach(w, at);
	if (w->to != NULL && w->begun)
		end_block(w);
	if (w->to != NULL && w->to->marks != NULL && at > w->marked)
		mark(w->to->marks, w->marked);
}

void
blockhash_stop(struct blockhash_writer *w)
{
	hash_free(w->hash);
	*w = (struct blockhash_writer) { .to = NULL };
}
