/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/blockhash.h"
#include "unit.h"

enum { BLOCK = BLOCKHASH_BLOCK, SIZE = 3 * BLOCK + 1000 };

static char data[SIZE];

/* Prepare WRITER for HASHES, and make the bytes.  Return false where the library is
   missing.  */
static bool
set_up(struct blockhashes *hashes, struct blockhash_writer *writer)
{
	if (hash_open(HASH_XXH128) != HASH_OPENED)
		return false;
	for (size_t at = 0; at < SIZE; at++)
		data[at] = (char) scratch_byte((off_t) at);
	ck_assert_int_eq(blockhash_open(hashes, SIZE, false), 0);
	ck_assert_int_eq(blockhash_write(writer, hashes), 0);
	return true;
}

/* Block I of the data has its hash.  */
static void
is_right(const struct blockhashes *hashes, size_t i)
{
	const size_t at = i * BLOCK, len = SIZE - at < BLOCK ? SIZE - at : BLOCK;
	struct hash *const hash = hash_new(HASH_XXH128);
	unsigned char digest[HASH_BYTES];

	ck_assert_ptr_nonnull(hash);
	ck_assert_int_eq(hash_add(hash, data + at, len), 0);
	ck_assert_int_eq(hash_end(hash, digest), 0);
	ck_assert_mem_eq(hashes->of[i].bytes, digest, sizeof hashes->of[i].bytes);
	hash_free(hash);
}

START_TEST(pieces_of_any_size_give_the_hash_of_each_block)
{
	static const size_t steps[] = { 999, 4096, 262144, BLOCK, BLOCK + 1, SIZE };
	struct blockhashes hashes;
	struct blockhash_writer writer;

	if (!set_up(&hashes, &writer))
		return;
	blockhash_begin(&writer, 0);
	for (size_t at = 0; at < SIZE; at += steps[_i])
		blockhash_add(&writer, at, data + at, SIZE - at < steps[_i]
			      ? SIZE - at : steps[_i]);
	blockhash_end(&writer, SIZE);
	for (size_t i = 0; i < 4; i++)
		is_right(&hashes, i);
	blockhash_stop(&writer);
	blockhash_close(&hashes);
}
END_TEST

START_TEST(a_hole_is_zeros_and_a_block_of_it_has_no_hash)
{
	static const struct blockhash none;
	struct blockhashes hashes;
	struct blockhash_writer writer;

	if (!set_up(&hashes, &writer))
		return;
	memset(data + 100, 0, 2 * BLOCK);
	memset(data + 3 * BLOCK, 0, 1000);
	blockhash_begin(&writer, 0);
	blockhash_add(&writer, 0, data, 100);
	blockhash_add(&writer, 2 * BLOCK + 100, data + 2 * BLOCK + 100, BLOCK - 100);
	blockhash_end(&writer, SIZE);
	is_right(&hashes, 0);
	ck_assert_mem_eq(&hashes.of[1], &none, sizeof none);
	is_right(&hashes, 2);
	is_right(&hashes, 3);
	blockhash_stop(&writer);
	blockhash_close(&hashes);
}
END_TEST

START_TEST(a_block_that_is_begun_again_has_its_hash)
{
	struct blockhashes hashes;
	struct blockhash_writer writer;

	if (!set_up(&hashes, &writer))
		return;
	blockhash_begin(&writer, BLOCK);
	blockhash_add(&writer, BLOCK, data + BLOCK, 5000);
	blockhash_begin(&writer, BLOCK);
	blockhash_add(&writer, BLOCK, data + BLOCK, BLOCK);
	is_right(&hashes, 1);
	blockhash_stop(&writer);
	blockhash_add(&writer, 0, data, BLOCK);		/* does nothing */
	blockhash_close(&hashes);
}
END_TEST

START_TEST(blocks_that_others_have_hashed_are_noted_and_marked)
{
	struct blockhashes hashes, there;
	struct blockhash_writer writer, other;

	if (!set_up(&hashes, &writer) || !set_up(&there, &other))
		return;
	memset(data + 100, 0, BLOCK - 100);
	blockhash_begin(&other, BLOCK);
	blockhash_add(&other, BLOCK, data + BLOCK, 2 * BLOCK);
	hashes.marks = blockmarks_new(SIZE);
	ck_assert_ptr_nonnull(hashes.marks);
	blockhash_begin(&writer, 0);
	blockhash_add(&writer, 0, data, 100);
	blockhash_take(&writer, BLOCK, &there.of[1], 2);
	ck_assert_uint_eq(hashes.marks->placed, 3 * BLOCK);
	blockhash_add(&writer, 3 * BLOCK, data + 3 * BLOCK, 1000);
	blockhash_end(&writer, SIZE);
	for (size_t i = 0; i < 4; i++) {
		is_right(&hashes, i);
		ck_assert_int_eq(hashes.marks->of[i], BLOCKMARK_PLACED);
	}
	blockmarks_free(hashes.marks);
	hashes.marks = NULL;
	blockhash_stop(&writer);
	blockhash_stop(&other);
	blockhash_close(&hashes);
	blockhash_close(&there);
}
END_TEST

START_TEST(what_there_is_no_room_for_is_not_noted)
{
	struct blockhashes hashes;
	struct blockhash_writer writer;

	if (!set_up(&hashes, &writer))
		return;
	blockhash_begin(&writer, 0);
	for (uint64_t at = 0; at <= hashes.room * BLOCK; at += BLOCK)
		blockhash_add(&writer, at, data, BLOCK);
	blockhash_end(&writer, writer.at);
	is_right(&hashes, 0);
	ck_assert_mem_eq(&hashes.of[hashes.room - 1], &hashes.of[0], sizeof *hashes.of);
	blockhash_stop(&writer);
	blockhash_close(&hashes);
}
END_TEST

Suite *
blockhash_suite(void)
{
	Suite *const suite = suite_create("blockhash");
	TCase *const tc = tcase_create("blocks");

	tcase_add_loop_test(tc, pieces_of_any_size_give_the_hash_of_each_block, 0, 6);
	tcase_add_test(tc, a_hole_is_zeros_and_a_block_of_it_has_no_hash);
	tcase_add_test(tc, a_block_that_is_begun_again_has_its_hash);
	tcase_add_test(tc, blocks_that_others_have_hashed_are_noted_and_marked);
	tcase_add_test(tc, what_there_is_no_room_for_is_not_noted);
	suite_add_tcase(suite, tc);
	return suite;
}
