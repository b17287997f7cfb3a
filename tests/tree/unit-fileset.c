/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>

#include "tree/fileset.h"
#include "unit.h"

START_TEST(a_file_is_known_by_device_inode_and_last_name)
{
	struct fileset *const set = fileset_new();
	struct stat st = { .st_dev = 1, .st_ino = 2 };

	ck_assert(!fileset_has(set, &st, "a"));
	ck_assert_int_eq(fileset_add(set, &st, "x/a"), 0);
	ck_assert(fileset_has(set, &st, "a"));
	ck_assert(fileset_has(set, &st, "y/a"));
	ck_assert(!fileset_has(set, &st, "b"));
	st.st_dev = 3;
	ck_assert(!fileset_has(set, &st, "a"));
	fileset_free(set);
}
END_TEST

START_TEST(many_files_are_told_apart)
{
	struct fileset *const set = fileset_new();
	struct stat st = { .st_dev = 1 };

	for (st.st_ino = 0; st.st_ino < 10000; st.st_ino += 2) {
		ck_assert_int_eq(fileset_add(set, &st, "f"), 0);
		ck_assert_int_eq(fileset_add(set, &st, "f"), 0);
	}
	for (st.st_ino = 0; st.st_ino < 10000; st.st_ino++)
		ck_assert_int_eq(fileset_has(set, &st, "f"), st.st_ino % 2 == 0);
	fileset_free(set);
}
END_TEST

Suite *
fileset_suite(void)
{
	Suite *const suite = suite_create("fileset");
	TCase *const tc = tcase_create("memory");

	tcase_add_test(tc, a_file_is_known_by_device_inode_and_last_name);
	tcase_add_test(tc, many_files_are_told_apart);
	suite_add_tcase(suite, tc);
	return suite;
}
