/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/namelist.h"
#include "tree/exclude.h"

static const struct {
	const char *pattern, *path;
	bool is;
} cases[] = {
	{ "*.o", "a.o", true }, { "*.o", "d/e/a.o", true }, { "*.o", "a.oo", false },
	{ "*.o", ".o", true }, { "*", ".hidden", true }, { "a?c", "d/abc", true },
	{ "[!a]*", "abc", false }, { "a\\*", "a*", true }, { "a\\*", "ab", false },
	{ "d", "d/a", false }, { "d/a", "d/a", true }, { "d/a", "e/d/a", true },
	{ "d/a", "ed/a", false }, { "/d/a", "d/a", true }, { "/d/a", "e/d/a", false },
	{ "/a", "a", true }, { "/a", "d/a", false }, { "d/*", "d/e/f", true },
	{ "d/*/f", "d/e/e/f", true }, { "/", "a", false },
	{ "s/a", "a", true }, { "s/d/a", "d/a", true }, { "/s/a", "a", false },
	{ "s/a", "d/a", false }, { "./d/a", "d/a", true }, { ".//a", "d/a", true },
};

/* Return whether PATH, below the source s, is excluded.  */
static bool
excludes(const struct exclude *exclude, const char *path, bool is_directory)
{
	const char *const slash = strrchr(path, '/');
	char full[64];

	snprintf(full, sizeof full, "s/%s", path);
	return exclude_has(exclude, &(struct candidate) {
		.name = slash != NULL ? slash + 1 : path, .full = full, .below = path,
		.is_directory = is_directory });
}

START_TEST(an_empty_pattern_is_none)
{
	struct exclude exclude = { .rules = NULL };

	ck_assert_int_eq(exclude_add(&exclude, "", false), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(exclude_add(&exclude, ".//", true), -1);
	ck_assert_int_eq(errno, EINVAL);
	exclude_free(&exclude);
}
END_TEST

START_TEST(a_pattern_is_for_names_or_for_paths)
{
	struct exclude exclude = { .rules = NULL };

	ck_assert(!excludes(&exclude, cases[_i].path, false));
	ck_assert_int_eq(exclude_add(&exclude, "nothing-like-it", false), 0);
	ck_assert_int_eq(exclude_add(&exclude, cases[_i].pattern, false), 0);
	ck_assert_msg(excludes(&exclude, cases[_i].path, false) == cases[_i].is, "%s, %s",
		      cases[_i].pattern, cases[_i].path);
	exclude_free(&exclude);
}
END_TEST

START_TEST(a_slash_at_the_end_is_for_directories_only)
{
	static const char *const patterns[] = { "d/", "d///", "s/e/d/", "./d/" };

	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
		struct exclude exclude = { .rules = NULL };
		exclude_add(&exclude, patterns[i], false);
		ck_assert(exclude.directories);
		ck_assert_int_eq(exclude.paths, i == 2);
		ck_assert(excludes(&exclude, "e/d", true));
		ck_assert(!excludes(&exclude, "e/d", false));
		exclude_free(&exclude);
	}
}
END_TEST

START_TEST(the_first_pattern_that_matches_decides)
{
	struct exclude exclude = { .rules = NULL };

	exclude_add(&exclude, "keep.o", true);
	exclude_add(&exclude, "*.o", false);
	exclude_add(&exclude, "*.o", true);
	exclude_add(&exclude, "*/", true);
	exclude_add(&exclude, "*.c", true);
	exclude_add(&exclude, "*", false);
	ck_assert(!excludes(&exclude, "d/keep.o", false));
	ck_assert(excludes(&exclude, "d/a.o", false));
	ck_assert(!excludes(&exclude, "d", true));
	ck_assert(!excludes(&exclude, "d/a.c", false));
	ck_assert(excludes(&exclude, "d/a.h", false));
	ck_assert(!exclude_has_path(&exclude, "d/a.c", false));
	ck_assert(exclude_has_path(&exclude, "d/a", false));
	ck_assert(!exclude_has_path(&exclude, "d/a", true));
	exclude_free(&exclude);
}
END_TEST

START_TEST(a_file_of_patterns_has_comments_and_blank_lines)
{
	struct exclude exclude = { .rules = NULL };

	scratch_text("patterns", "# one\n\n \t\n; two\n"
		     "\\#name#\n\\;name\na#\n  b\n");
	ck_assert_int_eq(exclude_add_file(&exclude, "patterns"), 0);
	ck_assert_uint_eq(exclude.count, 4);
	ck_assert(excludes(&exclude, "#name#", false));
	ck_assert(excludes(&exclude, ";name", false));
	ck_assert(excludes(&exclude, "a#", false));
	ck_assert(excludes(&exclude, "  b", false));
	ck_assert(!excludes(&exclude, "# one", false));
	exclude_free(&exclude);
}
END_TEST

static const struct {
	const char *path;
	bool is;
} listed[] = {
	{ "build", true }, { "build/x", true }, { "a/build/x", true }, { "a/b.o", true },
	{ "src/gen", true }, { "src/gen/x", true }, { "a/src/gen", true },
	{ "src/generated", false },
	{ "top", true }, { "top/x", true }, { "a/top", false }, { "builder/x", false },
	{ "", false },
	{ "//build", true },
};

START_TEST(a_path_is_left_out_with_a_directory_in_it)
{
	struct exclude exclude = { .rules = NULL };

	exclude_add(&exclude, "build", false);
	exclude_add(&exclude, "*.o", false);
	exclude_add(&exclude, "src/gen", false);
	exclude_add(&exclude, "/top", false);
	ck_assert_msg(exclude_has_path(&exclude, listed[_i].path, false)
		      == listed[_i].is, "%s", listed[_i].path);
	exclude_free(&exclude);
}
END_TEST

static const struct {
	const char *text;
	size_t len, count;
	const char *last;
} lists[] = {
	{ "", 0, 0, NULL }, { "a", 1, 1, "a" }, { "a", 2, 1, "a" }, { "a\0b", 3, 2, "b" },
	{ "a\0b", 4, 2, "b" }, { "\0", 1, 1, "" }, { "a\0\0b", 5, 3, "b" },
	{ "a\nb", 3, 1, "a\nb" },
};

START_TEST(a_list_has_an_end_behind_each_name)
{
	struct namelist names;

	FILE *const f = fopen("list", "w");
	ck_assert_ptr_nonnull(f);
	fwrite(lists[_i].text, 1, lists[_i].len, f);
	fclose(f);
	ck_assert_int_eq(namelist_read(&names, "list", '\0'), 0);
	ck_assert_uint_eq(names.count, lists[_i].count);
	if (names.count > 0)
		ck_assert_str_eq(names.item[names.count - 1], lists[_i].last);
	ck_assert_ptr_null(names.item[names.count]);
	namelist_free(&names);
}
END_TEST

START_TEST(a_list_may_not_be_there)
{
	struct namelist names;

	ck_assert_int_eq(namelist_read(&names, "nowhere", '\0'), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(namelist_read(&names, ".", '\0'), -1);
	ck_assert_int_eq(errno, EISDIR);
}
END_TEST

static const struct {
	const char *name, *marked;
} marks[] = {
	{ "a", NULL }, { "a/b", NULL }, { "./a", NULL }, { "a/./b", "b" },
		{ "/./a", "a" },
	{ "a/./b/./c", "c" }, { "a/.//b", "b" }, { "a/./", NULL }, { "a/.b/c", NULL },
	{ "a./b", NULL }, { "././a/b", "a/b" },
};

START_TEST(a_mark_is_before_the_path_of_the_copy)
{
	const char *const found = namelist_marked(marks[_i].name);

	if (marks[_i].marked == NULL)
		ck_assert_ptr_null(found);
	else
		ck_assert_str_eq(found, marks[_i].marked);
}
END_TEST

START_TEST(a_marked_path_may_lead_out)
{
	ck_assert(namelist_lead_out("a/./../b"));
	ck_assert(namelist_lead_out("a/./b/.."));
	ck_assert(namelist_lead_out("a/./b/../../c"));
	ck_assert(!namelist_lead_out("a/./b/..c/d.."));
	ck_assert(!namelist_lead_out("../a"));
	ck_assert(!namelist_lead_out("../a/./b"));
}
END_TEST

Suite *
exclude_suite(void)
{
	Suite *const suite = suite_create("exclude");
	TCase *const tc = tcase_create("patterns"), *const lines = tcase_create("lists");

	tcase_add_test(tc, an_empty_pattern_is_none);
	tcase_add_loop_test(tc, a_pattern_is_for_names_or_for_paths, 0,
			    sizeof cases / sizeof *cases);
	tcase_add_loop_test(tc, a_path_is_left_out_with_a_directory_in_it, 0,
			    sizeof listed / sizeof *listed);
	tcase_add_test(tc, a_slash_at_the_end_is_for_directories_only);
	tcase_add_test(tc, the_first_pattern_that_matches_decides);
	tcase_add_test(lines, a_file_of_patterns_has_comments_and_blank_lines);
	tcase_add_checked_fixture(lines, scratch_enter, scratch_leave);
	tcase_add_loop_test(lines, a_list_has_an_end_behind_each_name, 0,
			    sizeof lists / sizeof *lists);
	tcase_add_test(lines, a_list_may_not_be_there);
	tcase_add_loop_test(lines, a_mark_is_before_the_path_of_the_copy, 0,
			    sizeof marks / sizeof *marks);
	tcase_add_test(lines, a_marked_path_may_lead_out);
	suite_add_tcase(suite, tc);
	suite_add_tcase(suite, lines);
	return suite;
}
