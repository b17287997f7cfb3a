/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "report/progressline.h"

#define MIB (UINT64_C(1) << 20)

static const struct progressline_facts half = {
	.moved = 500 * MIB, .total = 1000 * MIB, .rate = 100 * MIB, .left = 65,
		.percent_of_it = -1,
};

static const char *
formatted(const struct progressline_facts *facts, unsigned columns, bool bar)
{
	static char line[4096];
	const struct progressline_style style = { .columns = columns, .bar = bar };
	const unsigned width = progressline_format(line, sizeof line, facts, &style);

	ck_assert_uint_eq(width, strlen(line));
	ck_assert_uint_le(width, columns);
	return line;
}

START_TEST(all_of_it)
{
	struct progressline_facts facts = half;

	ck_assert_str_eq(formatted(&facts, 79, false),
			 " 50%  500 MiB/1000 MiB  100 MiB/s  ETA 1:05");
	facts.left = 3725;
	facts.done = 3;
	facts.found = 12;
	facts.searching = true;
	ck_assert_str_eq(formatted(&facts, 79, false),
			 " 50%  500 MiB/1000 MiB  100 MiB/s  ETA 1:02:05  3/12+ files");
	facts.total = 0;
	facts.left = -1;
	facts.searching = false;
	ck_assert_str_eq(formatted(&facts, 79, false),
			 " 25%  500 MiB  100 MiB/s  3/12 files");
	facts.searching = true;
	ck_assert_str_eq(formatted(&facts, 79, true), "500 MiB  100 MiB/s  3/12+ files");
	facts.flushing = true;
	facts.dirty = MIB;
	facts.rate = -1;
	ck_assert_str_eq(formatted(&facts, 79, true),
			 "flushing, 1 MiB to go  3/12+ files");
}
END_TEST

START_TEST(what_has_no_room_is_left_out)
{
	struct progressline_facts facts = half;

	facts.name = "a-name-that-is-rather-long-for-a-file";
	ck_assert_str_eq(formatted(&facts, 30, false), " 50%  100 MiB/s  ETA 1:05");
	ck_assert_str_eq(formatted(&facts, 20, false), " 50%  100 MiB/s");
	ck_assert_str_eq(formatted(&facts, 5, false), " 50%");
	ck_assert_str_eq(formatted(&facts, 3, false), "");
	ck_assert_str_eq(formatted(&facts, 60, false),
			 " 50%  500 MiB/1000 MiB  100 MiB/s  ETA 1:05  ...g-for-a-file");
	facts.percent_of_it = 7;
	ck_assert_ptr_nonnull(strstr(formatted(&facts, 200, false), "-a-file 7%"));
	for (unsigned columns = 1; columns < 300; columns++) {
		formatted(&facts, columns, true);
		formatted(&facts, columns, false);
	}
}
END_TEST

START_TEST(the_bar)
{
	struct progressline_facts facts = half;

	ck_assert_ptr_nonnull(strstr(formatted(&facts, 55, true), "  [===>    ]  "));
	facts.moved = facts.total;
	ck_assert_ptr_nonnull(strstr(formatted(&facts, 60, true), "100%  ["));
	ck_assert_ptr_null(strstr(formatted(&facts, 60, true), ">"));
	facts.moved = 0;
	ck_assert_ptr_nonnull(strstr(formatted(&facts, 60, true), "  0%  [ "));
	facts.moved = 2 * facts.total;
	ck_assert_ptr_nonnull(strstr(formatted(&facts, 60, true), "100%  ["));
}
END_TEST

START_TEST(wide_names)
{
	char line[4096], name[400] = "";
	struct progressline_facts facts = half;

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return;
	/* Two columns each; and a hundred marks without any.  */
	for (int i = 0; i < 40; i++)
		strcat(name, "\xe6\xbc\xa2");
	facts.name = name;
	for (unsigned columns = 50; columns < 200; columns++) {
		const struct progressline_style style = { .columns = columns, .bar = true,
							 .utf8 = true };
		ck_assert_uint_le(progressline_format(line, sizeof line, &facts, &style),
				  columns);
	}
	strcpy(name, "e");
	for (int i = 0; i < 150; i++)
		strcat(name, "\xcc\x81");
	const struct progressline_style style = { .columns = 100, .bar = true,
						 .utf8 = true };
	ck_assert_uint_le(progressline_format(line, sizeof line, &facts, &style), 100);
	ck_assert_uint_le(strlen(line), 500);
	setlocale(LC_CTYPE, "C");
}
END_TEST

Suite *
progressline_suite(void)
{
	Suite *const suite = suite_create("progressline");
	TCase *const tc = tcase_create("format");

	tcase_add_test(tc, all_of_it);
	tcase_add_test(tc, what_has_no_room_is_left_out);
	tcase_add_test(tc, the_bar);
	tcase_add_test(tc, wide_names);
	suite_add_tcase(suite, tc);
	return suite;
}
