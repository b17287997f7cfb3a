/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/signals.h"
#include "engine/compare.h"
#include "unit.h"

enum { SIZE = 1000000 };
#define GIB ((off_t) 1 << 30)

static struct compare compare;
static struct error error;

/* Two equal files, s and d.  */
static void
open_both(void)
{
	signals_catch();
	scratch_enter();
	close(scratch_file("s", SIZE));
	close(scratch_file("d", SIZE));
	compare = (struct compare) { .source = open("s", O_RDWR),
				    .reader = open("d", O_RDWR),
				     .holes = true, .sparse = true, .jobs = 1 };
	compare.writer = compare.reader;
	ck_assert_int_eq(compare_open(&compare, SIZE), 0);
}

static void
close_both(void)
{
	compare_close(&compare);
	close(compare.source);
	close(compare.reader);
	scratch_leave();
}

/* Begin again with so many JOBS.  */
static void
use_jobs(unsigned jobs)
{
	compare_close(&compare);
	compare.jobs = jobs;
	ck_assert_int_eq(compare_open(&compare, SIZE), 0);
}

/* Put a mark into the source at AT.  */
static void
change(off_t at, const char *mark)
{
	ck_assert_int_eq(descriptor_write(compare.source, mark, 4, at), 0);
}

/* The copy has MARK at AT.  */
static void
assert_copied(off_t at, const char *mark)
{
	char got[4];

	ck_assert_int_eq(descriptor_read(compare.reader, got, 4, at), 4);
	ck_assert_mem_eq(got, mark, 4);
}

/* A pass of round ROUND over SIZE bytes.  Bytes that differed.  */
static uint64_t
pass(unsigned round, uint64_t size, enum compare_which which)
{
	compare_begin(&compare, round, size);
	ck_assert_int_eq(compare_pass(&compare, which, &error), 0);
	return compare_differing(&compare);
}

START_TEST(equal_files_do_not_differ)
{
	ck_assert_uint_eq(pass(1, SIZE, COMPARE_OTHERS), 0);
	ck_assert_uint_eq(compare_end(&compare), SIZE);
}
END_TEST

START_TEST(what_differs_is_copied_by_blocks)
{
	use_jobs((unsigned) _i);
	change(5000, "abcd");
	change(SIZE - 4, "efgh");
	ck_assert_uint_eq(pass(1, SIZE, COMPARE_OTHERS), 4096 + SIZE % 4096);
	assert_copied(5000, "abcd");
	assert_copied(SIZE - 4, "efgh");
	ck_assert_uint_eq(pass(2, SIZE, COMPARE_OTHERS), 0);
}
END_TEST

START_TEST(only_what_differed_is_looked_at_again)
{
	change(0, "abcd");
	pass(1, SIZE, COMPARE_OTHERS);
	change(0, "efgh");
	change(SIZE - 4, "ijkl");
	ck_assert_uint_eq(pass(2, SIZE, COMPARE_DIFFERED), 4096);
	ck_assert_uint_eq(pass(2, SIZE, COMPARE_OTHERS), SIZE % 4096);
	assert_copied(0, "efgh");
	assert_copied(SIZE - 4, "ijkl");
}
END_TEST

START_TEST(a_source_that_ends_is_seen)
{
	ck_assert_int_eq(ftruncate(compare.source, 5000), 0);
	compare.holes = false;
	pass(1, SIZE, COMPARE_OTHERS);
	ck_assert_uint_eq(compare_end(&compare), 5000);
}
END_TEST

/* Of a file that has outgrown the chunks, all is looked at.  */
START_TEST(no_chunk_is_forgotten_when_a_file_grows)
{
	pass(1, SIZE, COMPARE_OTHERS);
	ck_assert_int_eq(ftruncate(compare.source, 20 * GIB), 0);
	ck_assert_int_eq(ftruncate(compare.reader, 20 * GIB), 0);
	change(17 * GIB, "abcd");
	change(18 * GIB, "efgh");
	ck_assert_uint_eq(pass(2, 20 * (uint64_t) GIB, COMPARE_DIFFERED), 2 * 4096);
	assert_copied(17 * GIB, "abcd");
	assert_copied(18 * GIB, "efgh");
}
END_TEST

/* Without a writer, the offset of the first difference is found, and nothing is
   changed.  */
START_TEST(a_look_finds_the_first_difference)
{
	char got[4];

	use_jobs((unsigned) _i);
	compare.writer = -1;
	pass(1, SIZE, COMPARE_OTHERS);
	ck_assert_uint_eq(compare_first(&compare), SIZE);
	ck_assert_uint_eq(compare_compared(&compare), SIZE);
	change(SIZE - 4, "efgh");
	change(600000, "abcd");
	pass(1, SIZE, COMPARE_OTHERS);
	ck_assert_uint_eq(compare_first(&compare), 600000 / 4096 * 4096);
	ck_assert(!compare_wrote(&compare));
	ck_assert_int_eq(descriptor_read(compare.reader, got, 4, 600000), 4);
	ck_assert_mem_ne(got, "abcd", 4);
}
END_TEST

START_TEST(a_comparison_begins_where_it_is_told)
{
	change(5000, "abcd");
	change(600000, "efgh");
	compare.start = compare.chunk;
	ck_assert_uint_eq(pass(1, SIZE, COMPARE_OTHERS), 4096);
	assert_copied(600000, "efgh");
}
END_TEST

START_TEST(what_cannot_be_read_of_the_copy_differs)
{
	const int reader = compare.reader;

	compare.reader = open("d", O_WRONLY);
	compare_begin(&compare, 1, SIZE);
	ck_assert_int_eq(compare_pass(&compare, COMPARE_OTHERS, &error), -1);
	ck_assert_int_eq(error.step, ERROR_REFUSED);
	ck_assert_uint_eq(compare_whole(&compare), 0);
	compare.mends = true;
	ck_assert_uint_eq(pass(1, SIZE, COMPARE_OTHERS), SIZE);
	close(compare.reader);
	compare.reader = reader;
}
END_TEST

Suite *
compare_suite(void)
{
	Suite *const suite = suite_create("compare");
	TCase *const tc = tcase_create("two files");

	tcase_add_checked_fixture(tc, open_both, close_both);
	tcase_add_test(tc, equal_files_do_not_differ);
	tcase_add_loop_test(tc, what_differs_is_copied_by_blocks, 1, 4);
	tcase_add_loop_test(tc, a_look_finds_the_first_difference, 1, 4);
	tcase_add_test(tc, a_comparison_begins_where_it_is_told);
	tcase_add_test(tc, what_cannot_be_read_of_the_copy_differs);
	tcase_add_test(tc, only_what_differed_is_looked_at_again);
	tcase_add_test(tc, a_source_that_ends_is_seen);
	tcase_add_test(tc, no_chunk_is_forgotten_when_a_file_grows);
	suite_add_tcase(suite, tc);
	return suite;
}
