/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

START_TEST(names_of_a_directory_are_read_if_there_is_room_for_them)
{
	static const struct stat none;
	char path[] = "fileset.XXXXXX";
	size_t room = 10;

	ck_assert_ptr_nonnull(mkdtemp(path));
	const int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(dir, 0);
	ck_assert_int_eq(symlinkat("nowhere", dir, "link"), 0);
	ck_assert_int_eq(mkdirat(dir, "sub", 0700), 0);
	struct fileset *const set = fileset_read(dir, &room);
	ck_assert_ptr_nonnull(set);
	ck_assert(fileset_has(set, &none, "link"));
	ck_assert(fileset_has(set, &none, "x/sub"));
	ck_assert(!fileset_has(set, &none, "nowhere"));
	ck_assert_uint_eq(room, 6);	/* "." and "..", too */
	fileset_free(set);
	room = 3;
	errno = 0;
	ck_assert_ptr_null(fileset_read(dir, &room));
	ck_assert_int_eq(errno, E2BIG);
	ck_assert_uint_eq(room, 0);
	unlinkat(dir, "link", 0);
	unlinkat(dir, "sub", AT_REMOVEDIR);
	close(dir);
	rmdir(path);
}
END_TEST

Suite *
fileset_suite(void)
{
	Suite *const suite = suite_create("fileset");
	TCase *const tc = tcase_create("memory");

	tcase_add_test(tc, a_file_is_known_by_device_inode_and_last_name);
	tcase_add_test(tc, many_files_are_told_apart);
	tcase_add_test(tc, names_of_a_directory_are_read_if_there_is_room_for_them);
	suite_add_tcase(suite, tc);
	return suite;
}
