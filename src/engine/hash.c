/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hash.c: XXH3 by libxxhash, SHA-256 and BLAKE2b by libcrypto; both by dlopen
   (doc/decisions/022-hashes-and-manifests.md).  */
#include "config.h"

#include "engine/hash.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#if defined HAVE_XXHASH
# include <xxhash.h>
#endif
#if defined HAVE_CRYPTO
# include <openssl/crypto.h>
# include <openssl/evp.h>
#endif

struct hash {
	enum hash_algorithm algorithm;
	void *state;		/* the library's */
};

/* What a library does for hash_new, hash_begin, hash_add, hash_end and hash_free.  */
struct maker {
	const char *library;	/* its name, for people */
	enum hash_opened (*open)(void);
	void *(*new)(void);
	bool (*begin)(void *state, enum hash_algorithm algorithm);
	bool (*add)(void *state, const void *data, size_t len);
	bool (*end)(void *state, unsigned char *digest);
	void (*free)(void *state);
};

#define DECLARE(name) __typeof__(&(name)) name;
#define LACKS(name) \
	|| (lib->name = (__typeof__(lib->name)) dlsym(handle, #name)) == NULL

/* ---- libxxhash ---- */

#ifdef HAVE_XXHASH

#define FOR_EACH_CALL(DO) \
	DO(XXH3_createState) DO(XXH3_freeState) DO(XXH3_128bits_reset) \
	DO(XXH3_128bits_update) DO(XXH3_128bits_digest) DO(XXH128_canonicalFromHash)

static struct {
	FOR_EACH_CALL(DECLARE)
} xxhash;

static enum hash_opened
xxhash_open(void)
{
	void *const handle = dlopen("libxxhash.so.0", RTLD_NOW | RTLD_LOCAL);
	__typeof__(xxhash) *const lib = &xxhash;

	if (handle == NULL FOR_EACH_CALL(LACKS))
		return HASH_NOT_FOUND;
	/* On x86, the library may choose by what the processor can: thrice as fast.  */
	void *const fast = dlsym(handle, "XXH3_128bits_update_dispatch");
	if (fast != NULL)
		lib->XXH3_128bits_update = (__typeof__(lib->XXH3_128bits_update)) fast;
	return HASH_OPENED;
}

#undef FOR_EACH_CALL

static void *
xxhash_new(void)
{
	return xxhash.XXH3_createState();
}

static bool
xxhash_begin(void *state, enum hash_algorithm algorithm)
{
	(void) algorithm;
	return xxhash.XXH3_128bits_reset(state) == XXH_OK;
}

static bool
xxhash_add(void *state, const void *data, size_t len)
{
	return xxhash.XXH3_128bits_update(state, data, len) == XXH_OK;
}

static bool
xxhash_end(void *state, unsigned char *digest)
{
	XXH128_canonical_t canonical;

	xxhash.XXH128_canonicalFromHash(&canonical, xxhash.XXH3_128bits_digest(state));
	for (size_t i = 0; i < sizeof canonical.digest; i++)
		digest[i] = canonical.digest[i];
	return true;
}

static void
xxhash_free(void *state)
{
	xxhash.XXH3_freeState(state);
}

#define XXHASH { "libxxhash", xxhash_open, xxhash_new, xxhash_begin, xxhash_add, \
		 xxhash_end, xxhash_free }
#else
#define XXHASH { .library = "libxxhash" }
#endif

/* ---- libcrypto ---- */

#ifdef HAVE_CRYPTO

#define FOR_EACH_CALL(DO) \
	DO(OPENSSL_init_crypto) DO(EVP_MD_fetch) DO(EVP_MD_CTX_new) DO(EVP_MD_CTX_free) \
	DO(EVP_DigestInit_ex) DO(EVP_DigestUpdate) DO(EVP_DigestFinal_ex)

static struct {
	FOR_EACH_CALL(DECLARE)
	EVP_MD *digest[HASH_ALGORITHMS];	/* fetched; or NULL */
} crypto;

/* The configuration of the system isn't read: what is needed here, the library has
   itself.  */
static enum hash_opened
crypto_open(void)
{
	void *const handle = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
	__typeof__(crypto) *const lib = &crypto;

	if (handle == NULL FOR_EACH_CALL(LACKS)
	    || lib->OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG
					| OPENSSL_INIT_NO_ATEXIT, NULL) != 1)
		return HASH_NOT_FOUND;
	return HASH_OPENED;
}

#undef FOR_EACH_CALL

static void *
crypto_new(void)
{
	return crypto.EVP_MD_CTX_new();
}

static bool
crypto_begin(void *state, enum hash_algorithm algorithm)
{
	EVP_MD **const digest = &crypto.digest[algorithm];

	if (*digest == NULL)
		*digest = crypto.EVP_MD_fetch(NULL, algorithm == HASH_SHA256 ? "SHA2-256"
					      : "BLAKE2B-512", NULL);
	return *digest != NULL && crypto.EVP_DigestInit_ex(state, *digest, NULL) == 1;
}

static bool
crypto_add(void *state, const void *data, size_t len)
{
	return crypto.EVP_DigestUpdate(state, data, len) == 1;
}

static bool
crypto_end(void *state, unsigned char *digest)
{
	return crypto.EVP_DigestFinal_ex(state, digest, NULL) == 1;
}

static void
crypto_free(void *state)
{
	crypto.EVP_MD_CTX_free(state);
}

#define CRYPTO { "libcrypto", crypto_open, crypto_new, crypto_begin, crypto_add, \
		 crypto_end, crypto_free }
#else
#define CRYPTO { .library = "libcrypto" }
#endif

/* ---- any ---- */

static const struct maker makers[] = { XXHASH, CRYPTO };

static const struct maker *
maker_of(enum hash_algorithm algorithm)
{
	return &makers[algorithm != HASH_XXH128];
}

size_t
hash_size(enum hash_algorithm algorithm)
{
	static const unsigned char sizes[HASH_ALGORITHMS] = {
		[HASH_XXH128] = 16, [HASH_SHA256] = 32, [HASH_BLAKE2B] = 64,
	};

	return sizes[algorithm];
}

const char *
hash_library(enum hash_algorithm algorithm)
{
	return maker_of(algorithm)->library;
}

enum hash_opened
hash_open(enum hash_algorithm algorithm)
{
	const struct maker *const maker = maker_of(algorithm);

	return maker->open == NULL ? HASH_NOT_BUILT : maker->open();
}

struct hash *
hash_new(enum hash_algorithm algorithm)
{
	struct hash *const hash = malloc(sizeof *hash);

	if (hash == NULL)
		return NULL;
	hash->algorithm = algorithm;
	hash->state = maker_of(algorithm)->new();
	if (hash->state != NULL && hash_begin(hash) == 0)
		return hash;
	hash_free(hash);
	errno = ENOMEM;
	return NULL;
}

/* Return 0 if DONE; else -1, for the library has no memory.  */
static int
result(bool done)
{
	if (!done)
		errno = ENOMEM;
	return done ? 0 : -1;
}

int
hash_begin(struct hash *hash)
{
	return result(maker_of(hash->algorithm)->begin(hash->state, hash->algorithm));
}

int
hash_add(struct hash *hash, const void *data, size_t len)
{
	return result(maker_of(hash->algorithm)->add(hash->state, data, len));
}

int
hash_add_zeros(struct hash *hash, uint64_t len)
{
	static char zeros[16384];	/* not const: so they take no room on the disk */

	while (len > 0) {
		const size_t n = len < sizeof zeros ? (size_t) len : sizeof zeros;
		if (hash_add(hash, zeros, n) < 0)
			return -1;
		len -= n;
	}
	return 0;
}

int
hash_end(struct hash *hash, unsigned char digest[static HASH_BYTES])
{
	return result(maker_of(hash->algorithm)->end(hash->state, digest));
}

void
hash_free(struct hash *hash)
{
	if (hash != NULL && hash->state != NULL)
		maker_of(hash->algorithm)->free(hash->state);
	free(hash);
}
