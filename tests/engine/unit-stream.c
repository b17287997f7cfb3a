/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "engine/engine.h"
#include "engine/plan.h"
#include "file/follow.h"
#include "unit.h"

static const struct pathpair pair = { .source_at = AT_FDCWD, .source = "s",
				      .source_name = "s",
				      .dest_at = AT_FDCWD, .dest = "d",
				      .dest_name = "d" };
static const struct plan read_write = { .engine = &engines[ENGINE_STREAM] };
static const struct plan from_mapping = { .engine = &engines[ENGINE_STREAM],
					  .stream = { .write = {
						   .ways = WAY(WAY_WRITE),
						   .first = WAY_WRITE } } };
static const struct plan by_kernel = { .engine = &engines[ENGINE_KERNEL] };
static struct source source;
static struct dest dest;
static struct counts counts;
static struct error error;

/* Copy by PLAN's engine.  */
static int
copy(const struct plan *plan)
{
	struct plan own = *plan;
	struct shares shares;
	struct transfer transfer = { .plan = &own, .source = &source, .dest = &dest.file,
				     .counts = &counts, .shares = &shares };

	return plan->engine->copy(&transfer, &error);
}

/* Open s and d as they are.  */
static void
open_both(void)
{
	struct stat st;

	source = SOURCE_CLOSED;
	dest = DEST_CLOSED;
	counts_clear(&counts);
	ck_assert_int_eq(stat("s", &st), 0);
	ck_assert_int_eq(source_open(&source, &pair, &st, &error), 0);
	dest.exists = stat("d", &dest.file.st) == 0;
	ck_assert_int_eq(dest_open(&dest, &pair, &(struct dest_wish) { .mode = 0600 },
				   &error), 0);
}

static void
close_both(void)
{
	source_close(&source);
	dest_close(&dest);
}

/* d is the first SIZE bytes of scratch_file, and commits.  */
static void
assert_dest(off_t size)
{
	ck_assert_int_eq(dest_commit(&dest, false, &error), 0);
	scratch_is_whole("d", size);
}

static const off_t sizes[] = { 0, 1, 4095, 4096, 4097, 262143, 262144, 262145, 700000 };
enum { SIZES = sizeof sizes / sizeof *sizes };

START_TEST(a_new_file_is_equal)
{
	static const struct plan *const plans[] = {
		&read_write, &by_kernel, &from_mapping
	};

	close(scratch_file("s", sizes[_i / 3]));
	open_both();
	int ret = copy(plans[_i % 3]);
	if (ret < 0 && error.step == ERROR_REFUSED)
		ret = copy(&read_write);
	ck_assert_int_eq(ret, 0);
	ck_assert_uint_eq(counts_moved(&counts), (uint64_t) sizes[_i / 3]);
	assert_dest(sizes[_i / 3]);
	close_both();
}
END_TEST

START_TEST(an_old_file_of_any_size_becomes_equal)
{
	close(scratch_file("s", sizes[_i / SIZES]));
	scratch_text("d", "x");
	ck_assert_int_eq(truncate("d", sizes[_i % SIZES]), 0);
	open_both();
	ck_assert_int_eq(copy(&read_write), 0);
	assert_dest(sizes[_i / SIZES]);
	close_both();
}
END_TEST

START_TEST(what_copy_file_range_left_is_read_and_written)
{
	close(scratch_file("s", 500000));
	open_both();
	ck_assert_int_eq(descriptor_write(dest.file.fd, "\0\7\16", 3, 0), 0);
	dest.file.whole = 3;		/* as a copy_file_range that was then refused */
	ck_assert_int_eq(copy(&read_write), 0);
	ck_assert_uint_eq(counts_moved(&counts), 500000 - 3);
	assert_dest(500000);
	close_both();
}
END_TEST

START_TEST(a_source_that_shrank_is_followed)
{
	const struct plan_policy policy = { .jobs = 1 };
	struct followed followed;

	close(scratch_file("s", 500000));
	open_both();
	ck_assert_int_eq(truncate("s", 300000), 0);
	ck_assert_int_eq(copy(_i == 0 ? &read_write : &from_mapping), 0);
	ck_assert_int_eq(follow_source(&policy, &read_write, &source, &dest, &counts,
				       &followed, &error), 0);
	ck_assert_uint_eq(followed.rounds, 1);
	ck_assert(!followed.in_motion);
	assert_dest(300000);
	close_both();
}
END_TEST

START_TEST(a_source_that_grew_is_not_read_for_ever)
{
	close(scratch_file("s", 300000));
	open_both();
	close(scratch_file("s", 600000));
	ck_assert_int_eq(copy(&read_write), 0);
	ck_assert_uint_eq(counts_moved(&counts), 300000);
	close_both();
}
END_TEST

Suite *
stream_suite(void)
{
	Suite *const suite = suite_create("stream");
	TCase *const tc = tcase_create("in file order");

	tcase_add_checked_fixture(tc, scratch_enter, scratch_leave);
	tcase_add_loop_test(tc, a_new_file_is_equal, 0, 3 * SIZES);
	tcase_add_loop_test(tc, an_old_file_of_any_size_becomes_equal, 0, SIZES * SIZES);
	tcase_add_test(tc, what_copy_file_range_left_is_read_and_written);
	tcase_add_loop_test(tc, a_source_that_shrank_is_followed, 0, 2);
	tcase_add_test(tc, a_source_that_grew_is_not_read_for_ever);
	suite_add_tcase(suite, tc);
	return suite;
}
