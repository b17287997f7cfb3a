/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tree/parents.h"
#include "unit.h"

static const struct entry_policy entry_policy;
static struct copy_policy copy_policy;
static const struct session session = { .policy = &entry_policy, .copy = &copy_policy };
static struct parents parents;
static int target;

/* The sources a (0750) and a/b (0510), a/b/f in it, and the target d.  */
static void
make_sources(void)
{
	const struct timespec times[2] = { { 1000, 0 }, { 2000, 0 } };

	umask(022);
	scratch_enter();
	scratch_hush();
	ck_assert_int_eq(mkdir("a", 0777), 0);
	ck_assert_int_eq(mkdir("a/b", 0777), 0);
	scratch_text("a/b/f", "text");
	ck_assert_int_eq(chmod("a/b", 0510), 0);
	ck_assert_int_eq(utimensat(AT_FDCWD, "a", times, 0), 0);
	ck_assert_int_eq(chmod("a", 0750), 0);
	ck_assert_int_eq(mkdir("d", 0777), 0);
	target = open("d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	copy_policy.meta.umask = 022;
	parents = PARENTS_NONE;
}

static void
remove_sources(void)
{
	parents_finish(&parents, &session, false);
	ck_assert_ptr_null(parents.first);
	close(target);
	chmod("a/b", 0700);
	chmod("d/a/b", 0700);
	scratch_leave();
}

static int
make(const char *path)
{
	char dest_name[64];
	const struct pathpair pair = {
		.source_at = AT_FDCWD, .source = path, .source_name = path,
		.dest_at = target, .dest = path, .dest_name = dest_name,
	};

	strcat(strcpy(dest_name, "d/"), path);
	return parents_make(&parents, &session, &pair);
}

static struct stat
look(const char *name)
{
	struct stat st;

	ck_assert_int_eq(stat(name, &st), 0);
	return st;
}

static mode_t
mode(const char *name)
{
	return look(name).st_mode & 07777;
}

/* By names that mean the same.  */
static const char *const paths[] = { "a/b/f", "a//b///f", "a/./b/f", "a/b/../b/f" };

START_TEST(missing_directories_become_like_the_sources)
{
	copy_policy.meta.mode = copy_policy.meta.times = true;
	ck_assert_int_eq(make(paths[_i]), 0);
	ck_assert_uint_eq(mode("d/a"), 0700);
	ck_assert_uint_eq(mode("d/a/b"), 0700);
	scratch_text("d/a/b/f", "text");
	parents_finish(&parents, &session, true);
	ck_assert_uint_eq(mode("d/a"), 0750);
	ck_assert_uint_eq(mode("d/a/b"), 0510);
	ck_assert_int_eq(look("d/a").st_mtim.tv_sec, 2000);
	ck_assert_str_eq(scratch_said(), "");
}
END_TEST

START_TEST(what_is_all_there_is_left_as_it_is)
{
	copy_policy.meta.mode = true;
	ck_assert_int_eq(mkdir("d/a", 0711), 0);
	ck_assert_int_eq(mkdir("d/a/b", 0711), 0);
	ck_assert_int_eq(make("a/b/f"), 0);
	ck_assert_int_eq(make("f"), 0);
	ck_assert_ptr_null(parents.first);
	ck_assert_uint_eq(mode("d/a"), 0711);
}
END_TEST

START_TEST(if_one_is_missing_all_get_what_is_kept)
{
	copy_policy.meta.mode = _i;
	ck_assert_int_eq(mkdir("d/a", 0711), 0);
	ck_assert_int_eq(make("a/b/f"), 0);
	parents_finish(&parents, &session, true);
	ck_assert_uint_eq(mode("d/a"), _i ? 0750 : 0711);
	ck_assert_uint_eq(mode("d/a/b"), 0510);
}
END_TEST

START_TEST(a_file_in_the_way_is_an_error)
{
	ck_assert_int_eq(_i == 0 ? mkdir("d/a", 0777) : 0, 0);
	scratch_text(_i == 0 ? "d/a/b" : "d/a", "in the way");
	ck_assert_int_eq(make("a/b/f"), -1);
	ck_assert_ptr_nonnull(strstr(scratch_said(), _i == 0
				     ? "'d/a/b' exists but is not a directory\n"
				     : "'d/a' exists but is not a directory\n"));
}
END_TEST

START_TEST(where_it_ends_early_only_what_was_made_is_changed)
{
	copy_policy.meta.mode = true;
	ck_assert_int_eq(mkdir("d/a", 0711), 0);
	ck_assert_int_eq(make("a/b/none/f"), -1);
	ck_assert_ptr_nonnull(strstr(scratch_said(),
				     "failed to get attributes of 'a/b/none'"));
	parents_finish(&parents, &session, false);
	ck_assert_uint_eq(mode("d/a"), 0711);
	ck_assert_uint_eq(mode("d/a/b"), 0510);
}
END_TEST

Suite *
parents_suite(void)
{
	Suite *const suite = suite_create("parents");
	TCase *const tc = tcase_create("directories above");

	tcase_add_checked_fixture(tc, make_sources, remove_sources);
	tcase_add_loop_test(tc, missing_directories_become_like_the_sources, 0,
			    sizeof paths / sizeof *paths);
	tcase_add_test(tc, what_is_all_there_is_left_as_it_is);
	tcase_add_loop_test(tc, if_one_is_missing_all_get_what_is_kept, 0, 2);
	tcase_add_loop_test(tc, a_file_in_the_way_is_an_error, 0, 2);
	tcase_add_test(tc, where_it_ends_early_only_what_was_made_is_changed);
	suite_add_tcase(suite, tc);
	return suite;
}
