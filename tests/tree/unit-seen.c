/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>

#include "tree/seen.h"
#include "unit.h"

START_TEST(a_file_is_known_by_device_inode_and_last_name)
{
	struct seen *const seen = seen_new();
	struct stat st = { .st_dev = 1, .st_ino = 2 };

	ck_assert(!seen_has(seen, &st, "a"));
	ck_assert_int_eq(seen_add(seen, &st, "x/a"), 0);
	ck_assert(seen_has(seen, &st, "a"));
	ck_assert(seen_has(seen, &st, "y/a"));
	ck_assert(!seen_has(seen, &st, "b"));
	st.st_dev = 3;
	ck_assert(!seen_has(seen, &st, "a"));
	seen_free(seen);
}
END_TEST

START_TEST(many_files_are_told_apart)
{
	struct seen *const seen = seen_new();
	struct stat st = { .st_dev = 1 };

	for (st.st_ino = 0; st.st_ino < 10000; st.st_ino += 2) {
		ck_assert_int_eq(seen_add(seen, &st, "f"), 0);
		ck_assert_int_eq(seen_add(seen, &st, "f"), 0);
	}
	for (st.st_ino = 0; st.st_ino < 10000; st.st_ino++)
		ck_assert_int_eq(seen_has(seen, &st, "f"), st.st_ino % 2 == 0);
	seen_free(seen);
}
END_TEST

Suite *
seen_suite(void)
{
	Suite *const suite = suite_create("seen");
	TCase *const tc = tcase_create("memory");

	tcase_add_test(tc, a_file_is_known_by_device_inode_and_last_name);
	tcase_add_test(tc, many_files_are_told_apart);
	suite_add_tcase(suite, tc);
	return suite;
}
