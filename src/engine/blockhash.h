/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_BLOCKHASH_H
#define MMCP_ENGINE_BLOCKHASH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/hash.h"

/* The hashes of a source's blocks, taken from its bytes on their way to the copy, so that
   the copy can be verified (verify.h) without reading the source twice.  */

enum { BLOCKHASH_BLOCK = 1 << 20, BLOCKHASH_FEW = 8 };

/* XXH3, 128 bits; all zeros for a block that nothing was added to: a hole.  */
struct blockhash {
	unsigned char bytes[16];
};

/* Which blocks are in the copy, in memory that workers share.  A block that isn't whole
   yet has no mark.  */
enum blockmark {
	BLOCKMARK_NONE,
	BLOCKMARK_PLACED,	/* by this run */
	BLOCKMARK_RESUMED,	/* by an earlier one: it isn't copied again */
	BLOCKMARK_LATEST	/* the same, and was the last to be noted then */
};

struct blockmarks {
	_Atomic uint64_t placed;	/* bytes, by this run */
	_Atomic bool lost;		/* a hash could not be stored */
	size_t count;			/* blocks */
	_Atomic unsigned char of[];	/* an enum blockmark each */
};

/* All of one file, in the order of the blocks.  */
struct blockhashes {
	struct blockhash *of;	/* few, or memory that workers share */
	struct blockmarks *marks;	/* NULL: none are wanted.  With them, of is a
					   mapped file, and only the guard touches it */
	size_t room;		/* blocks */
	uint64_t covered;	/* bytes at the start that were hashed */
	bool complete;		/* so were all */
	struct blockhash few[BLOCKHASH_FEW];
};

/* Prepare for the hashes of a source of SIZE bytes; of any number, if UNSIZED.  Return 0,
   or -1 with errno.  The struct may not be moved after that.  */
int
blockhash_open(struct blockhashes *hashes, uint64_t size, bool unsized);

/* Return whether HASHES has room for all blocks of SIZE bytes.  */
bool
blockhash_has_room(const struct blockhashes *hashes, uint64_t size);

/* Free what blockhash_open took.  */
void
blockhash_close(struct blockhashes *hashes);

/* Return marks for a source of SIZE bytes, to be freed by blockmarks_free; or NULL with
   errno.  */
struct blockmarks *
blockmarks_new(uint64_t size);

void
blockmarks_free(struct blockmarks *marks);

/* Return the first offset in [AT, END) that an earlier run has not copied, or END.
   HASHES may be NULL, or have no marks.  */
uint64_t
blockhash_next(const struct blockhashes *hashes, uint64_t at, uint64_t end);

/* Return the first offset in [AT, END) that it has copied, or END.  */
uint64_t
blockhash_next_resumed(const struct blockhashes *hashes, uint64_t at, uint64_t end);

/* What a process hashes.  All zeros: nothing.  */
struct blockhash_writer {
	struct blockhashes *to;	/* NULL: nothing is hashed */
	struct hash *hash;
	uint64_t at;		/* bytes up to here were added, or are a hole */
	bool begun;		/* some of at's block were added */
	uint64_t marked;	/* all before has a mark; from where it began on */
};

/* Have WRITER add to HASHES.  Return 0, or -1 with errno.  */
int
blockhash_write(struct blockhash_writer *writer, struct blockhashes *hashes);

/* The next bytes come from AT on, the beginning of a block.  */
void
blockhash_begin(struct blockhash_writer *writer, uint64_t at);

/* Add LEN bytes of DATA, read at AT, which are not in the copy yet.  What was left out
   before AT is a hole.  */
void
blockhash_add(struct blockhash_writer *writer, uint64_t at, const void *data, size_t len);

/* The N blocks from AT on, the beginning of one, were hashed elsewhere, and are in the
   copy.  What was left out before AT is a hole.  */
void
blockhash_take(struct blockhash_writer *writer, uint64_t at,
	const struct blockhash *hashes, size_t n);

/* All before AT has been added, or is a hole, and is in the copy.  */
void
blockhash_reach(struct blockhash_writer *writer, uint64_t at);

/* The same, and AT is the end of the file.  */
void
blockhash_end(struct blockhash_writer *writer, uint64_t at);

/* Stop hashing.  What was added stays.  */
void
blockhash_stop(struct blockhash_writer *writer);

#endif
