/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "report/progressline.h"

#define MIB (UINT64_C(1) << 20)

static const struct progressline_facts half = {
	.moved = 500 * MIB, .total = 1000 * MIB, .whole = true, .rate = 100 * MIB,
	.elapsed = 5, .left = 65, .percent_of_it = -1,
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
			 " 50%  500/1000 MiB   100 MiB/s ETA  1:05");
	facts.left = 3725;
	facts.done = 3;
	facts.found = 12;
	ck_assert_str_eq(formatted(&facts, 99, false), " 50%  500/1000 MiB   100 MiB/s "
			 " 0:05 elapsed, ETA 1:02:05 |  3/12 files");
	facts.whole = false;
	facts.left = -1;
	ck_assert_str_eq(formatted(&facts, 79, false),
			 "      500/>1000 MiB  100 MiB/s ETA  -:-- |  3/>12 files");
	facts.total = 0;
	ck_assert_str_eq(formatted(&facts, 79, false),
			 "     500 MiB         100 MiB/s ETA  -:-- |  3/>12 files");
	facts.flushing = true;
	facts.dirty = MIB;
	facts.rate = -1;
	ck_assert_str_eq(formatted(&facts, 79, false),
			 "     flushing, 1 MiB to go |  3/>12 files");
	facts.flushing = false;
	facts.verifying = true;
	facts.unread = 2 * MIB;
	ck_assert_str_eq(formatted(&facts, 79, false),
			 "     verifying, 2 MiB to go |  3/>12 files");
}
END_TEST

START_TEST(no_time_is_left_when_all_is_done)
{
	struct progressline_facts facts = half;

	facts.moved = facts.total;
	facts.left = -1;
	ck_assert_str_eq(formatted(&facts, 79, false),
			 "100% 1000/1000 MiB   100 MiB/s");
	facts.done = facts.found = 12;
	ck_assert_str_eq(formatted(&facts, 79, false),
			 "100% 1000/1000 MiB   100 MiB/s           | 12/12 files");
	ck_assert_str_eq(formatted(&facts, 99, false), "100% 1000/1000 MiB   100 MiB/s "
			 " 0:05 elapsed            | 12/12 files");
}
END_TEST

START_TEST(where_nothing_has_bytes_files_count)
{
	struct progressline_facts facts = { .done = 3, .found = 12, .rate = 0, .left = -1,
					   .percent_of_it = -1 };

	ck_assert_int_eq(progressline_percent(&facts), -1);
	facts.whole = true;
	ck_assert_int_eq(progressline_percent(&facts), 25);
}
END_TEST

START_TEST(what_has_no_room_is_left_out_from_the_right)
{
	struct progressline_facts facts = half;

	facts.name = "a-name-that-is-rather-long-for-a-file";
	ck_assert_str_eq(formatted(&facts, 39, false), " 50%  500/1000 MiB   100 MiB/s");
	ck_assert_str_eq(formatted(&facts, 20, false), " 50%  500/1000 MiB");
	ck_assert_str_eq(formatted(&facts, 5, false), " 50%");
	ck_assert_str_eq(formatted(&facts, 3, false), "");
	ck_assert_str_eq(formatted(&facts, 60, false),
			 " 50%  500/1000 MiB   100 MiB/s ETA  1:05 | ...ong-for-a-file");
	facts.percent_of_it = 7;
	ck_assert_ptr_nonnull(strstr(formatted(&facts, 200, false), "-a-file 7%"));
	for (unsigned columns = 1; columns < 300; columns++) {
		formatted(&facts, columns, true);
		formatted(&facts, columns, false);
	}
}
END_TEST

/* Whatever the values are, what follows has its place.  */
START_TEST(parts_have_their_widths)
{
	static const double rates[] = {
		-1, 0, 1, 999, 1023, 1024, 99.96 * 1024, 1023.9 * MIB, 1024.0 * MIB, 1e13,
	};
	struct progressline_facts facts = half;

	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		facts.rate = rates[i];
		facts.left = rates[i] / 1e6;
		facts.moved = (uint64_t) (rates[i] < 0 ? 0 : rates[i]) % facts.total;
		const char *const line = formatted(&facts, 79, false);
		ck_assert_msg(strncmp(line + 31, "ETA ", 4) == 0, "%s", line);
	}
}
END_TEST

START_TEST(the_bar)
{
	struct progressline_facts facts = half;

	ck_assert_ptr_nonnull(strstr(formatted(&facts, 79, true),
				     "[====>      ]  50%  500"));
	facts.moved = facts.total;
	ck_assert_ptr_nonnull(strstr(formatted(&facts, 60, true), "] 100% "));
	ck_assert_ptr_null(strstr(formatted(&facts, 60, true), ">"));
	facts.moved = 0;
	ck_assert_ptr_nonnull(strstr(formatted(&facts, 60, true), "[ "));
	facts.moved = 2 * facts.total;
	ck_assert_ptr_nonnull(strstr(formatted(&facts, 60, true), "] 100% "));
	ck_assert_ptr_null(strstr(formatted(&facts, 39, true), "["));
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
	tcase_add_test(tc, no_time_is_left_when_all_is_done);
	tcase_add_test(tc, where_nothing_has_bytes_files_count);
	tcase_add_test(tc, what_has_no_room_is_left_out_from_the_right);
	tcase_add_test(tc, parts_have_their_widths);
	tcase_add_test(tc, the_bar);
	tcase_add_test(tc, wide_names);
	suite_add_tcase(suite, tc);
	return suite;
}
