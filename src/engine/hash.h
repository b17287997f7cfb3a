/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_HASH_H
#define MMCP_ENGINE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Hashes of bytes in a row.  Their libraries are opened when an option asks for them:
   linked in, libcrypto alone would cost every start 0.7 ms.  */

enum hash_algorithm {
	HASH_XXH128,		/* XXH3, 128 bits, as of xxhsum -H2; by libxxhash */
	HASH_SHA256,		/* as of sha256sum; by libcrypto */
	HASH_BLAKE2B,		/* 512 bits, as of b2sum; by libcrypto */
	HASH_ALGORITHMS
};

enum { HASH_BYTES = 64 };	/* of a digest, at most */

/* Return the bytes of a digest by ALGORITHM.  */
size_t
hash_size(enum hash_algorithm algorithm);

/* Return the name of the library that ALGORITHM needs, for people.  */
const char *
hash_library(enum hash_algorithm algorithm);

enum hash_opened {
	HASH_OPENED,
	HASH_NOT_BUILT,		/* this build has no headers of the library */
	HASH_NOT_FOUND		/* the library isn't there, or lacks a function */
};

/* Open the library that ALGORITHM needs, unless it is open.  Before others are forked:
   then they have it, too.  */
enum hash_opened
hash_open(enum hash_algorithm algorithm);

/* What is hashed, so far.  */
struct hash;

/* Begin with no bytes by ALGORITHM, whose library is open.  NULL with errno.  */
struct hash *
hash_new(enum hash_algorithm algorithm);

/* Begin again with no bytes.  Return 0, or -1 with errno.  */
int
hash_begin(struct hash *hash);

/* Add LEN bytes of DATA.  Return 0, or -1 with errno.  */
int
hash_add(struct hash *hash, const void *data, size_t len);

/* Add LEN bytes of zeros.  The same.  */
int
hash_add_zeros(struct hash *hash, uint64_t len);

/* Write the digest of all bytes since hash_begin, in the order in which it is printed:
   hash_size() bytes.  Nothing may be added after that until the next hash_begin.  Return
   0, or -1 with errno.  */
int
hash_end(struct hash *hash, unsigned char digest[static HASH_BYTES]);

/* HASH may be NULL.  */
void
hash_free(struct hash *hash);

#endif
