/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "base/path.h"
#include "unit.h"

static const struct {
	const char *path;
	size_t trimmed, base;
	const char *beside;	/* what "n" is called there */
} cases[] = {
	{ "", 0, 0, "n" },
	{ "a", 1, 0, "n" },
	{ "a/", 1, 0, "n" },
	{ "a//", 1, 0, "n" },
	{ "/", 1, 1, "/n" },
	{ "//", 1, 1, "/n" },
	{ "/a", 2, 1, "/n" },
	{ "a/b", 3, 2, "a/n" },
	{ "a//b//", 4, 3, "a//n" },
	{ "../..", 5, 3, "../n" },
};

START_TEST(slashes_behind_a_path_are_no_part_of_its_name)
{
	ck_assert_uint_eq(path_trimmed(cases[_i].path), cases[_i].trimmed);
	ck_assert_uint_eq(path_base(cases[_i].path), cases[_i].base);
	char *const beside = path_beside(cases[_i].path, "n");
	ck_assert_str_eq(beside, cases[_i].beside);
	free(beside);
}
END_TEST

START_TEST(a_path_is_within_a_directory_by_whole_names)
{
	ck_assert(path_is_within("/a/b", "/a/b"));
	ck_assert(path_is_within("/a/b/", "/a/b"));
	ck_assert(path_is_within("/a/b", "/a/b//"));
	ck_assert(path_is_within("/a/b", "/a"));
	ck_assert(path_is_within("/a/b", "/"));
	ck_assert(path_is_within("/", "/"));
	ck_assert(!path_is_within("/a", "/a/b"));
	ck_assert(!path_is_within("/ab", "/a"));
	ck_assert(!path_is_within("/a", "/ab"));
	ck_assert(!path_is_within("/a", ""));
	ck_assert(!path_is_within("", "/"));
}
END_TEST

Suite *
path_suite(void)
{
	Suite *const suite = suite_create("path");
	TCase *const tc = tcase_create("components");

	tcase_add_loop_test(tc, slashes_behind_a_path_are_no_part_of_its_name, 0,
			    sizeof cases / sizeof *cases);
	tcase_add_test(tc, a_path_is_within_a_directory_by_whole_names);
	suite_add_tcase(suite, tc);
	return suite;
}
