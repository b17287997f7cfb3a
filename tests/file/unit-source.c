/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/source.h"
#include "unit.h"

static const struct pathpair pair = { .source_at = AT_FDCWD, .source = "s",
			       .source_name = "s" };
static struct source source;
static struct error error;

static void
open_source(void)
{
	scratch_enter();
	close(scratch_file("s", 1000));
	source = SOURCE_CLOSED;
	ck_assert_int_eq(source_open(&source, &pair, NULL, &error), 0);
}

static void
close_source(void)
{
	source_close(&source);
	scratch_leave();
}

static bool
is_same(void)
{
	struct stat now;

	ck_assert_int_eq(source_stat(&source, &now, &error), 0);
	return source_is_same(&source.st, &now);
}

START_TEST(a_source_that_nobody_touches_is_the_same)
{
	ck_assert(is_same());
}
END_TEST

START_TEST(a_shorter_source_is_not_the_same)
{
	ck_assert_int_eq(truncate("s", 999), 0);
	ck_assert(!is_same());
}
END_TEST

START_TEST(a_longer_source_is_not_the_same)
{
	ck_assert_int_eq(truncate("s", 1001), 0);
	ck_assert(!is_same());
}
END_TEST

START_TEST(a_time_that_moved_is_a_change)
{
	const struct timespec old[2] = { { 1, 0 }, { 1, 0 } };

	ck_assert_int_eq(utimensat(AT_FDCWD, "s", old, 0), 0);
	ck_assert(!is_same());
}
END_TEST

/* Its content may have changed, too, and its times been restored.  */
START_TEST(a_name_taken_away_is_looked_at)
{
	ck_assert_int_eq(unlink("s"), 0);
	ck_assert(!is_same());
}
END_TEST

START_TEST(a_source_exchanged_after_the_look_is_not_opened)
{
	struct source other = SOURCE_CLOSED;
	struct stat looked;

	ck_assert_int_eq(stat("s", &looked), 0);
	scratch_text("t", "another file");
	ck_assert_int_eq(rename("t", "s"), 0);
	ck_assert_int_eq(source_open(&other, &pair, &looked, &error), -1);
	ck_assert_int_eq(error.step, ERROR_SOURCE_REPLACED);
	source_close(&other);
}
END_TEST

START_TEST(what_is_no_regular_file_is_given_back_by_who_did_not_look)
{
	static const char *const names[] = { "directory", "fifo", "symlink", "nothing" };
	const struct pathpair other_job = { .source_at = AT_FDCWD, .source = names[_i],
				       .source_name = names[_i] };
	struct source other = SOURCE_CLOSED;

	ck_assert_int_eq(mkdir("directory", 0777), 0);
	ck_assert_int_eq(mkfifo("fifo", 0666), 0);
	ck_assert_int_eq(symlink("s", "symlink"), 0);
	ck_assert_int_eq(source_open(&other, &other_job, NULL, &error), -1);
	ck_assert_int_eq(error.step, ERROR_GIVEN_BACK);
	source_close(&other);
}
END_TEST

Suite *
source_suite(void)
{
	Suite *const suite = suite_create("source");
	TCase *const tc = tcase_create("holding still");

	tcase_add_checked_fixture(tc, open_source, close_source);
	tcase_add_test(tc, a_source_that_nobody_touches_is_the_same);
	tcase_add_test(tc, a_shorter_source_is_not_the_same);
	tcase_add_test(tc, a_longer_source_is_not_the_same);
	tcase_add_test(tc, a_time_that_moved_is_a_change);
	tcase_add_test(tc, a_name_taken_away_is_looked_at);
	tcase_add_test(tc, a_source_exchanged_after_the_look_is_not_opened);
	tcase_add_loop_test(tc, what_is_no_regular_file_is_given_back_by_who_did_not_look,
			    0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
