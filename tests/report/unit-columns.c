/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "report/columns.h"

static void
use_utf8(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
}

START_TEST(a_character_has_columns_not_bytes)
{
	ck_assert_uint_eq(columns_of("abc"), 3);
	ck_assert_uint_eq(columns_of("\u00e4\u4e2d\u6587"), 5);
	ck_assert_uint_eq(columns_of("e\u0301"), 1);
	ck_assert_uint_eq(columns_of("\xff\xfe"), 2);
	ck_assert_uint_eq(columns_of(""), 0);
	ck_assert_uint_eq(columns_of_part("\u4e2d\u6587x", strlen("\u4e2d")), 2);
}
END_TEST

static const struct {
	const char *text;
	unsigned width;
	const char *line;
} folds[] = {
	{ "one two three", 13, "one two three" },
	{ "one two three", 12, "one two" },
	{ "one two three", 7, "one" },		/* as popt does */
	{ "one two three", 8, "one two" },
	{ "endless two", 3, "endless" },
	{ "endless", 3, "endless" },
	{ "\u4e2d\u6587\u4e2d\u6587", 7, "\u4e2d\u6587\u4e2d" },
	{ "\u4e2d\u6587\u4e2d\u6587", 8, "\u4e2d\u6587\u4e2d\u6587" },
	{ "\u4e2d\u6587\uff0c\u4e2d", 4, "\u4e2d" },	/* no line begins with a comma */
	{ "\u4e2d\uff08\u6587\uff09x", 4, "\u4e2d" },	/* nor ends opening a bracket */
	{ "\u4e2d\uff08\u6587\u4e2d\uff09", 9, "\u4e2d" },	/* nor one alone */
	{ "\u4e2d\uff08<\u6587\u4e2d> x", 7, "\u4e2d" },	/* <> are of one piece */
	{ "\u4e2d<\u6587\u4e2d>\u6587", 7, "\u4e2d" },
	{ "\u4e2d word", 6, "\u4e2d" },
	{ "word\u4e2d", 5, "word" },
};

START_TEST(a_line_is_folded_between_words)
{
	const char *const text = folds[_i].text;

	ck_assert_uint_eq(columns_fold(text, folds[_i].width), strlen(folds[_i].line));
	ck_assert_int_eq(strncmp(text, folds[_i].line, strlen(folds[_i].line)), 0);
}
END_TEST

Suite *
columns_suite(void)
{
	Suite *const suite = suite_create("columns");
	TCase *const tc = tcase_create("columns");

	tcase_add_checked_fixture(tc, use_utf8, NULL);
	tcase_add_test(tc, a_character_has_columns_not_bytes);
	tcase_add_loop_test(tc, a_line_is_folded_between_words, 0,
			    sizeof folds / sizeof *folds);
	suite_add_tcase(suite, tc);
	return suite;
}
