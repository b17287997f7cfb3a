/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "engine/hash.h"
#include "unit.h"

enum { SIZE = 300000 };

/* What xxhsum -H2, sha256sum and b2sum print of nothing, of "abc", and of a file that
   scratch_file makes.  */
static const struct {
	enum hash_algorithm algorithm;
	const char *empty, *abc, *large;
} known[] = {
	{ HASH_XXH128, "99aa06d3014798d86001c324468d497f",
	  "06b05ab6733a618578af5f94892f3950", "8bcca010c0ebe55ff231384f525dae9f" },
	{ HASH_SHA256,
	  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	  "d08928a168952dcd1f23061570816ee3b9d5c5c01ec65e00adbda68d328f4dbb" },
	{ HASH_BLAKE2B,
	  "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419"
	  "d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce",
	  "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
	  "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
	  "cd85b62caf82ba51d8874e3606e14ba8ecaf4d5574f644d9d8b7335723f83add"
	  "fee886ead6f4f13c9adb0ad53552791ed0e819a844504a98fbda6a155cef7c09" },
};

static unsigned char data[SIZE];

/* A hash of KNOWN[I]; NULL where this build or machine lacks its library.  */
static struct hash *
open_known(int i)
{
	if (hash_open(known[i].algorithm) != HASH_OPENED)
		return NULL;
	for (size_t at = 0; at < SIZE; at++)
		data[at] = scratch_byte((off_t) at);
	struct hash *const hash = hash_new(known[i].algorithm);
	ck_assert_ptr_nonnull(hash);
	return hash;
}

/* End HASH, begin it again, and compare with WANTED.  */
static void
is_known(struct hash *hash, int i, const char *wanted)
{
	const size_t size = hash_size(known[i].algorithm);
	unsigned char digest[HASH_BYTES];
	char text[2 * HASH_BYTES + 1];

	ck_assert_int_eq(hash_end(hash, digest), 0);
	for (size_t at = 0; at < size; at++)
		snprintf(text + 2 * at, 3, "%02x", digest[at]);
	ck_assert_str_eq(text, wanted);
	ck_assert_int_eq(hash_begin(hash), 0);
}

START_TEST(a_digest_is_what_the_tool_prints)
{
	struct hash *const hash = open_known(_i);

	if (hash == NULL)
		return;
	is_known(hash, _i, known[_i].empty);
	ck_assert_int_eq(hash_add(hash, "abc", 3), 0);
	is_known(hash, _i, known[_i].abc);
	ck_assert_int_eq(hash_add(hash, data, SIZE), 0);
	is_known(hash, _i, known[_i].large);
	hash_free(hash);
}
END_TEST

START_TEST(pieces_are_hashed_as_the_whole)
{
	struct hash *const hash = open_known(_i);
	static const size_t steps[] = { 1, 63, 64, 65, 241, 1024, 1025, 65536, 131071 };

	if (hash == NULL)
		return;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		for (size_t at = 0; at < SIZE; at += steps[i])
			ck_assert_int_eq(hash_add(hash, data + at, SIZE - at < steps[i]
						  ? SIZE - at : steps[i]), 0);
		is_known(hash, _i, known[_i].large);
	}
	hash_free(hash);
}
END_TEST

START_TEST(zeros_are_hashed_as_bytes_that_are_zero)
{
	struct hash *const hash = open_known(_i);
	static const uint64_t lengths[] = { 0, 1, 16383, 16384, 16385, SIZE };
	const size_t size = hash_size(known[_i].algorithm);
	unsigned char bytes[HASH_BYTES], zeros[HASH_BYTES];

	if (hash == NULL)
		return;
	memset(data, 0, SIZE);
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		ck_assert_int_eq(hash_add(hash, "before", 6), 0);
		ck_assert_int_eq(hash_add(hash, data, (size_t) lengths[i]), 0);
		ck_assert_int_eq(hash_end(hash, bytes), 0);
		ck_assert_int_eq(hash_begin(hash), 0);
		ck_assert_int_eq(hash_add(hash, "before", 6), 0);
		ck_assert_int_eq(hash_add_zeros(hash, lengths[i]), 0);
		ck_assert_int_eq(hash_end(hash, zeros), 0);
		ck_assert_int_eq(hash_begin(hash), 0);
		ck_assert_mem_eq(bytes, zeros, size);
	}
	hash_free(hash);
}
END_TEST

START_TEST(a_build_without_a_library_says_so)
{
#ifdef HAVE_XXHASH
	ck_assert_int_ne(hash_open(HASH_XXH128), HASH_NOT_BUILT);
#else
	ck_assert_int_eq(hash_open(HASH_XXH128), HASH_NOT_BUILT);
#endif
#ifdef HAVE_CRYPTO
	ck_assert_int_ne(hash_open(HASH_SHA256), HASH_NOT_BUILT);
#else
	ck_assert_int_eq(hash_open(HASH_SHA256), HASH_NOT_BUILT);
#endif
	ck_assert_str_eq(hash_library(HASH_XXH128), "libxxhash");
	ck_assert_str_eq(hash_library(HASH_SHA256), "libcrypto");
	ck_assert_str_eq(hash_library(HASH_BLAKE2B), "libcrypto");
	hash_free(NULL);
}
END_TEST

Suite *
hash_suite(void)
{
	Suite *const suite = suite_create("hash");
	TCase *const tc = tcase_create("hashes");
	const int all = sizeof known / sizeof *known;

	tcase_add_loop_test(tc, a_digest_is_what_the_tool_prints, 0, all);
	tcase_add_loop_test(tc, pieces_are_hashed_as_the_whole, 0, all);
	tcase_add_loop_test(tc, zeros_are_hashed_as_bytes_that_are_zero, 0, all);
	tcase_add_test(tc, a_build_without_a_library_says_so);
	suite_add_tcase(suite, tc);
	return suite;
}
