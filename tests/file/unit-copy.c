/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include "file/copy.h"
#include "unit.h"

static struct copy_policy policy;
static struct copy_outcome outcome;

/* Copy s to d, with unknown statuses, as ORDER says.  */
static int
copy_unseen(struct copy_order order)
{
	order.pair.source_at = order.pair.dest_at = AT_FDCWD;
	order.pair.source = order.pair.source_name = "s";
	order.pair.dest = order.pair.dest_name = "d";
	return copy_file(&policy, &order, &outcome);
}

/* The same with known statuses.  */
static int
copy(struct copy_order order)
{
	struct stat source, dest;

	if (stat("s", &source) == 0)
		order.source = &source;
	if (stat("d", &dest) == 0)
		order.dest = &dest;
	return copy_unseen(order);
}

static struct stat
look(const char *name)
{
	struct stat st = { .st_ino = 0 };

	stat(name, &st);
	return st;
}

static const off_t sizes[] = { 0, 1, 4096, 70001, 300000 };

START_TEST(a_new_file_is_whole)
{
	umask(022);
	policy.meta.umask = 022;
	close(scratch_file("s", sizes[_i]));
	ck_assert_int_eq(chmod("s", 0765), 0);
	ck_assert_int_eq(copy((struct copy_order) { .inherits = false }), 0);
	scratch_is_whole("d", sizes[_i]);
	ck_assert_uint_eq(look("d").st_mode, S_IFREG | 0745);
	ck_assert_int_eq(outcome.cut, -1);
	ck_assert_int_eq(outcome.rounded, -1);
	ck_assert_uint_eq(counts_moved(&outcome.copied.counts)
			  + counts_get(&outcome.copied.counts, COUNT_CLONED),
			  (size_t) sizes[_i]);
	ck_assert(!outcome.removed);
}
END_TEST

/* Longer or shorter old files.  */
START_TEST(an_old_file_is_written_over_where_it_is)
{
	close(scratch_file("s", sizes[_i]));
	scratch_text("d", "old, and not as short as it might have been");
	ck_assert_int_eq(chmod("d", 0604), 0);
	const ino_t old = look("d").st_ino;
	ck_assert_int_eq(copy((struct copy_order) { .inherits = false }), 0);
	scratch_is_whole("d", sizes[_i]);
	ck_assert_uint_eq(look("d").st_ino, old);
	ck_assert_uint_eq(look("d").st_mode, S_IFREG | 0604);
}
END_TEST

START_TEST(an_old_file_is_removed_first_if_wanted)
{
	close(scratch_file("s", 10));
	scratch_text("d", "old");
	ck_assert_int_eq(link("d", "other"), 0);
	ck_assert_int_eq(copy((struct copy_order) { .remove_destination = true }), 0);
	ck_assert(outcome.removed);
	scratch_is_whole("d", 10);
	ck_assert_int_eq(look("other").st_size, 3);
}
END_TEST

START_TEST(what_nobody_has_seen_there_is_not_written_over)
{
	close(scratch_file("s", 10));
	scratch_text("d", "old");
	ck_assert_int_eq(copy_unseen((struct copy_order) { .inherits = false }), -1);
	ck_assert_int_eq(outcome.error.step, ERROR_CREATE);
	ck_assert_int_eq(look("d").st_size, 3);
}
END_TEST

/* A file of SIZE with NAMES, of unknown status; whether it is given back.  */
static const struct {
	off_t size;
	int names;
	bool links_matter;
	bool back;
} unseen[] = {
	{ 10, 1, false, false },
	{ 10, 1, true, false },
	{ 10, 2, false, false },
	{ 10, 2, true, true },
	{ (off_t) 1 << 40, 1, false, true },
};

START_TEST(what_others_must_look_at_is_given_back)
{
	close(scratch_file("s", 10));
	ck_assert_int_eq(truncate("s", unseen[_i].size), 0);
	if (unseen[_i].names > 1)
		ck_assert_int_eq(link("s", "other"), 0);
	const int ret = copy_unseen((struct copy_order) {
		.links_matter = unseen[_i].links_matter });
	ck_assert_int_eq(ret, unseen[_i].back ? -1 : 0);
	if (unseen[_i].back)
		ck_assert_int_eq(outcome.error.step, ERROR_GIVEN_BACK);
	ck_assert_int_eq(look("d").st_ino == 0, unseen[_i].back);
}
END_TEST

START_TEST(a_symlink_is_copied_only_if_followed)
{
	close(scratch_file("t", 10));
	ck_assert_int_eq(symlink("t", "s"), 0);
	const int ret = copy_unseen((struct copy_order) { .pair.follow = _i });
	ck_assert_int_eq(ret, _i ? 0 : -1);
	if (_i)
		scratch_is_whole("d", 10);
	else
		ck_assert_int_eq(outcome.error.step, ERROR_GIVEN_BACK);
}
END_TEST

START_TEST(a_copy_has_the_attributes_that_are_wanted)
{
	const struct timespec times[2] = { { 1000, 1 }, { 2000, 2 } };

	close(scratch_file("s", 10));
	ck_assert_int_eq(chmod("s", 0412), 0);
	ck_assert_int_eq(utimensat(AT_FDCWD, "s", times, 0), 0);
	policy.meta.mode = policy.meta.times = true;
	policy.attributes_only = _i;
	ck_assert_int_eq(copy((struct copy_order) { .inherits = false }), 0);
	const struct stat st = look("d");
	ck_assert_uint_eq(st.st_mode, S_IFREG | 0412);
	ck_assert_int_eq(st.st_mtim.tv_sec, 2000);
	ck_assert_int_eq(st.st_mtim.tv_nsec, 2);
	ck_assert_int_eq(st.st_size, _i ? 0 : 10);
	ck_assert_uint_eq(outcome.remarks.count, 0);
}
END_TEST

Suite *
copy_suite(void)
{
	Suite *const suite = suite_create("copy");
	TCase *const tc = tcase_create("one file");

	tcase_add_checked_fixture(tc, scratch_enter, scratch_leave);
	tcase_add_loop_test(tc, a_new_file_is_whole, 0, sizeof sizes / sizeof *sizes);
	tcase_add_loop_test(tc, an_old_file_is_written_over_where_it_is, 0,
			    sizeof sizes / sizeof *sizes);
	tcase_add_test(tc, an_old_file_is_removed_first_if_wanted);
	tcase_add_test(tc, what_nobody_has_seen_there_is_not_written_over);
	tcase_add_loop_test(tc, what_others_must_look_at_is_given_back, 0,
			    sizeof unseen / sizeof *unseen);
	tcase_add_loop_test(tc, a_symlink_is_copied_only_if_followed, 0, 2);
	tcase_add_loop_test(tc, a_copy_has_the_attributes_that_are_wanted, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
