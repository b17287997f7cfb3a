/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "file/remove.h"
#include "unit.h"

/* The status of f as it was made.  */
static struct stat ours;

static void
enter_with_file(void)
{
	scratch_enter();
	scratch_text("f", "text");
	ck_assert_int_eq(stat("f", &ours), 0);
}

/* Put another file under the name f; ours is called g.  */
static void
replace(void)
{
	ck_assert_int_eq(rename("f", "g"), 0);
	scratch_text("f", "another text");
}

START_TEST(any_name_is_removed_and_an_absent_one_is_no_error)
{
	ck_assert_int_eq(remove_any(AT_FDCWD, "f"), 1);
	ck_assert_int_eq(remove_any(AT_FDCWD, "f"), 0);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(mkdir("d", 0777), 0);
	ck_assert_int_eq(remove_any(AT_FDCWD, "d"), -1);
}
END_TEST

START_TEST(our_file_is_removed)
{
	ck_assert_int_eq(remove_ours(AT_FDCWD, "f", &ours), 0);
	ck_assert_uint_eq(scratch_entries(), 0);
	ck_assert_int_eq(remove_ours(AT_FDCWD, "f", &ours), -1);
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(the_file_of_another_stays)
{
	replace();
	ck_assert_int_eq((_i == 0 ? remove_ours : remove_hidden)(AT_FDCWD, "f", &ours),
			 -1);
	ck_assert_int_eq(errno, ESTALE);
	ck_assert_uint_eq(scratch_entries(), 2);
}
END_TEST

START_TEST(a_symlink_to_our_file_stays)
{
	ck_assert_int_eq(symlink("f", "l"), 0);
	ck_assert_int_eq(remove_ours(AT_FDCWD, "l", &ours), -1);
	ck_assert_uint_eq(scratch_entries(), 2);
}
END_TEST

START_TEST(a_closed_file_is_removed_if_it_has_its_size_and_no_other_name)
{
	remove_closed(AT_FDCWD, "f", ours.st_size + 1);
	ck_assert_uint_eq(scratch_entries(), 1);
	ck_assert_int_eq(link("f", "g"), 0);
	remove_closed(AT_FDCWD, "f", ours.st_size);
	ck_assert_uint_eq(scratch_entries(), 2);
	ck_assert_int_eq(unlink("g"), 0);
	remove_closed(AT_FDCWD, "f", ours.st_size);
	ck_assert_uint_eq(scratch_entries(), 0);
}
END_TEST

START_TEST(only_the_same_file_is_opened_again)
{
	const int fd = path_open_same(AT_FDCWD, "f", O_RDONLY, &ours);

	ck_assert_int_ge(fd, 0);
	close(fd);
	replace();
	ck_assert_int_eq(path_open_same(AT_FDCWD, "f", O_RDONLY, &ours), -1);
	ck_assert_int_eq(errno, ESTALE);
	ck_assert_int_eq(path_open_same(AT_FDCWD, "none", O_RDONLY, &ours), -1);
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

Suite *
remove_suite(void)
{
	Suite *const suite = suite_create("remove");
	TCase *const tc = tcase_create("names that are ours");

	tcase_add_checked_fixture(tc, enter_with_file, scratch_leave);
	tcase_add_test(tc, any_name_is_removed_and_an_absent_one_is_no_error);
	tcase_add_test(tc, our_file_is_removed);
	tcase_add_loop_test(tc, the_file_of_another_stays, 0, 2);
	tcase_add_test(tc, a_symlink_to_our_file_stays);
	tcase_add_test(tc, a_closed_file_is_removed_if_it_has_its_size_and_no_other_name);
	tcase_add_test(tc, only_the_same_file_is_opened_again);
	suite_add_tcase(suite, tc);
	return suite;
}
