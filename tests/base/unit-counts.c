/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/counts.h"
#include "base/totals.h"
#include "unit.h"

START_TEST(what_moved_is_the_sum_of_the_engines)
{
	struct counts counts;

	counts_clear(&counts);
	counts_add(&counts, COUNT_KERNEL, 1);
	counts_add(&counts, COUNT_MAPPED, 20);
	counts_add(&counts, COUNT_READ_WRITE, 300);
	counts_add(&counts, COUNT_DIRECT, 4000);
	counts_add(&counts, COUNT_CLONED, 50000);
	counts_add(&counts, COUNT_HOLES, 600000);
	ck_assert_uint_eq(counts_moved(&counts), 4321);
}
END_TEST

/* A source has shrunk to SIZE bytes: what is left of 10 of each engine.  */
static const struct {
	uint64_t size, read_write, kernel, direct, mapped;
} shrunk[] = {
	{ 40, 10, 10, 10, 10 },
	{ 100, 10, 10, 10, 10 },
	{ 39, 10, 10, 10, 9 },
	{ 25, 10, 10, 5, 0 },
	{ 3, 3, 0, 0, 0 },
	{ 0, 0, 0, 0, 0 },
};

START_TEST(a_source_that_shrank_has_no_more_than_its_size)
{
	struct counts counts;

	counts_clear(&counts);
	counts_add(&counts, COUNT_KERNEL, 10);
	counts_add(&counts, COUNT_MAPPED, 10);
	counts_add(&counts, COUNT_READ_WRITE, 10);
	counts_add(&counts, COUNT_DIRECT, 10);
	counts_trim(&counts, shrunk[_i].size);
	ck_assert_uint_eq(counts_get(&counts, COUNT_READ_WRITE), shrunk[_i].read_write);
	ck_assert_uint_eq(counts_get(&counts, COUNT_KERNEL), shrunk[_i].kernel);
	ck_assert_uint_eq(counts_get(&counts, COUNT_DIRECT), shrunk[_i].direct);
	ck_assert_uint_eq(counts_get(&counts, COUNT_MAPPED), shrunk[_i].mapped);
}
END_TEST

START_TEST(sets_add_up)
{
	struct counts one, other;

	counts_clear(&one);
	counts_clear(&other);
	for (unsigned i = 0; i < COUNTS; i++) {
		counts_set(&one, i, i);
		counts_set(&other, i, 100 * i);
	}
	counts_add_all(&one, &other);
	for (unsigned i = 0; i < COUNTS; i++)
		ck_assert_uint_eq(counts_get(&one, i), 101 * i);
}
END_TEST

START_TEST(no_two_counts_have_one_key)
{
	for (unsigned i = 0; i < COUNTS; i++)
		for (unsigned j = 0; j < i; j++)
			ck_assert(count_info[i].key == NULL || count_info[j].key == NULL
				  || strcmp(count_info[i].key, count_info[j].key) != 0);
}
END_TEST

START_TEST(what_was_counted_alone_is_counted_when_it_is_shared)
{
	struct counts file;

	counts_clear(&file);
	totals_add(COUNT_REGULAR, 2);
	totals_moved(&file, COUNT_KERNEL, 7);
	totals_share();
	const unsigned own = totals_assign();
	ck_assert_uint_ne(own, totals_assign());
	totals_is(own);
	totals_moved(&file, COUNT_KERNEL, 5);
	totals_add_file(&file);
	ck_assert_uint_eq(totals_read(COUNT_REGULAR), 2);
	ck_assert_uint_eq(totals_read(COUNT_MOVED), 12);
	ck_assert_uint_eq(totals_read(COUNT_KERNEL), 12);
	/* Who comes next may have the set, and what was counted stays.  */
	totals_release(own);
	ck_assert_uint_eq(totals_assign(), own);
	ck_assert_uint_eq(totals_read(COUNT_KERNEL), 12);
}
END_TEST

Suite *
counts_suite(void)
{
	Suite *const suite = suite_create("counts");
	TCase *const tc = tcase_create("counts");

	tcase_add_test(tc, what_moved_is_the_sum_of_the_engines);
	tcase_add_loop_test(tc, a_source_that_shrank_has_no_more_than_its_size, 0,
			    sizeof shrunk / sizeof *shrunk);
	tcase_add_test(tc, sets_add_up);
	tcase_add_test(tc, no_two_counts_have_one_key);
	tcase_add_test(tc, what_was_counted_alone_is_counted_when_it_is_shared);
	suite_add_tcase(suite, tc);
	return suite;
}
