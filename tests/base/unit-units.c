/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>

#include "base/units.h"
#include "unit.h"

static const struct {
	const char *text;
	enum units_error error;
	uint64_t bytes;
} sizes[] = {
	{ "0", UNITS_OK, 0 },
	{ "1", UNITS_OK, 1 },
	{ "512B", UNITS_OK, 512 },
	{ "512b", UNITS_OK, 512 },
	{ "1k", UNITS_OK, 1024 },
	{ "1K", UNITS_OK, 1024 },
	{ "1KB", UNITS_OK, 1000 },
	{ "1kB", UNITS_OK, 1000 },
	{ "1mB", UNITS_OK, 1000000 },
	{ "1KiB", UNITS_OK, 1024 },
	{ "1kib", UNITS_OK, 1024 },
	{ "1.5m", UNITS_OK, 3 << 19 },
	{ "1.5MB", UNITS_OK, 1500000 },
	{ ".5k", UNITS_OK, 512 },
	{ "0.1k", UNITS_OK, 102 },
	{ "1.9", UNITS_OK, 1 },
	{ "0.3333333333333333333333333333333333333333GB", UNITS_OK, 333333333 },
	{ "7.99999999999999999999E", UNITS_OK, INT64_MAX },
	{ "16M", UNITS_OK, 16 << 20 },
	{ "3G", UNITS_OK, UINT64_C(3) << 30 },
	{ "2T", UNITS_OK, UINT64_C(2) << 40 },
	{ "7E", UNITS_OK, UINT64_C(7) << 60 },
	{ "9223372036854775807", UNITS_OK, INT64_MAX },
	{ "9223372036854775808", UNITS_TOO_LARGE, 0 },
	{ "8E", UNITS_TOO_LARGE, 0 },
	{ "8.5E", UNITS_TOO_LARGE, 0 },
	{ "99999999999999999999", UNITS_TOO_LARGE, 0 },
	{ "3Q", UNITS_TOO_LARGE, 0 },
	{ "1Y", UNITS_TOO_LARGE, 0 },
	{ "", UNITS_INVALID, 0 },
	{ "x", UNITS_INVALID, 0 },
	{ "-1", UNITS_INVALID, 0 },
	{ "+1", UNITS_INVALID, 0 },
	{ " 1", UNITS_INVALID, 0 },
	{ "M", UNITS_INVALID, 0 },
	{ "1x", UNITS_BAD_SUFFIX, 0 },
	{ "1MM", UNITS_BAD_SUFFIX, 0 },
	{ "3Mb", UNITS_BAD_SUFFIX, 0 },
	{ "3mb", UNITS_BAD_SUFFIX, 0 },
	{ "1kb", UNITS_BAD_SUFFIX, 0 },
	{ "1.5Gb", UNITS_BAD_SUFFIX, 0 },
	{ "1Ki", UNITS_BAD_SUFFIX, 0 },
	{ "1.G", UNITS_BAD_SUFFIX, 0 },
	{ "1,5G", UNITS_BAD_SUFFIX, 0 },
	{ "1.5.5G", UNITS_BAD_SUFFIX, 0 },
	{ ".", UNITS_INVALID, 0 },
	{ ".G", UNITS_INVALID, 0 },
	{ "1M/s", UNITS_BAD_SUFFIX, 0 },
	{ "1 M", UNITS_BAD_SUFFIX, 0 },
};

START_TEST(a_size_is_digits_and_a_suffix)
{
	uint64_t bytes = 4711;

	ck_assert_msg(units_parse_size(sizes[_i].text, &bytes) == sizes[_i].error,
		      "wrong answer for '%s'", sizes[_i].text);
	if (sizes[_i].error == UNITS_OK)
		ck_assert_msg(bytes == sizes[_i].bytes, "'%s' is not %" PRIu64,
			      sizes[_i].text, bytes);
	else
		ck_assert_uint_eq(bytes, 4711);
}
END_TEST

static const struct {
	const char *text;
	enum units_error error;
	uint64_t bytes;
} rates[] = {
	{ "1000", UNITS_OK, 1000 },
	{ "10m/s", UNITS_OK, 10 << 20 },
	{ "1.5MB/S", UNITS_OK, 1500000 },
	{ "10MiB/s", UNITS_OK, 10 << 20 },
	{ "100/s", UNITS_OK, 100 },
	{ "10M", UNITS_OK, 10 << 20 },
	{ "/s", UNITS_INVALID, 0 },
	{ "M/s", UNITS_INVALID, 0 },
	{ "1M/", UNITS_BAD_SUFFIX, 0 },
	{ "1M/s/s", UNITS_BAD_SUFFIX, 0 },
	{ "3Mb/s", UNITS_BAD_SUFFIX, 0 },
};

START_TEST(a_rate_is_a_size_with_a_second_or_without)
{
	uint64_t bytes = 0;

	ck_assert_msg(units_parse_rate(rates[_i].text, &bytes) == rates[_i].error
		      && bytes == rates[_i].bytes, "'%s' is %" PRIu64, rates[_i].text,
		      bytes);
}
END_TEST

static const struct {
	uint64_t bytes;
	const char *text;
} texts[] = {
	{ 0, "0 B" }, { 1023, "1023 B" }, { 1024, "1 KiB" }, { 1536, "1.5 KiB" },
	{ 16 << 20, "16 MiB" }, { UINT64_C(5) << 40, "5 TiB" },
	{ UINT64_MAX, "16.0 EiB" },
};

START_TEST(a_size_is_written_for_a_person)
{
	char buf[32];

	ck_assert_str_eq(units_format_size(texts[_i].bytes, buf, sizeof buf),
			 texts[_i].text);
}
END_TEST

START_TEST(a_share_is_all_or_nothing_only_if_it_is)
{
	char buf[8];

	ck_assert_str_eq(units_format_percent(0, 0, 3, buf, sizeof buf), "0%");
	ck_assert_str_eq(units_format_percent(33, 1, 3, buf, sizeof buf), "33%");
	ck_assert_str_eq(units_format_percent(100, 3, 3, buf, sizeof buf), "100%");
	ck_assert_str_eq(units_format_percent(0, 1, UINT64_MAX, buf, sizeof buf), "<1%");
	ck_assert_str_eq(units_format_percent(100, 99995, 100000, buf, sizeof buf),
			 ">99%");
}
END_TEST

START_TEST(a_number_is_in_groups_of_three_digits)
{
	char buf[8];

	ck_assert_str_eq(units_format_number(0, buf, sizeof buf), "0");
	ck_assert_str_eq(units_format_number(4711, buf, sizeof buf), "4711");
	ck_assert_str_eq(units_format_number(30511, buf, sizeof buf), "30 511");
	ck_assert_str_eq(units_format_number(99123, buf, sizeof buf), "99 123");
}
END_TEST

static const struct {
	uint64_t part[4];
	unsigned percent[4];
} percents[] = {
	{ { 0, 0, 0, 0 }, { 0, 0, 0, 0 } },
	{ { 7, 0, 0, 0 }, { 100, 0, 0, 0 } },
	{ { 1, 1, 1, 0 }, { 34, 33, 33, 0 } },
	{ { 985, 15, 0, 0 }, { 99, 1, 0, 0 } },
	{ { 125, 125, 125, 625 }, { 13, 13, 12, 62 } },
	{ { 995, 5, 0, 0 }, { 100, 0, 0, 0 } },
	{ { 1, 1000, 1, 1 }, { 0, 100, 0, 0 } },
	{ { UINT64_MAX / 4, UINT64_MAX / 4, UINT64_MAX / 4, UINT64_MAX / 4 },
	  { 25, 25, 25, 25 } },
};

START_TEST(percents_add_up_to_100)
{
	unsigned percent[4];

	units_percents(percents[_i].part, 4, percent);
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(percent[i], percents[_i].percent[i]);
}
END_TEST

Suite *
units_suite(void)
{
	Suite *const suite = suite_create("units");
	TCase *const tc = tcase_create("sizes");

	tcase_add_loop_test(tc, a_size_is_digits_and_a_suffix, 0,
			    sizeof sizes / sizeof *sizes);
	tcase_add_loop_test(tc, a_rate_is_a_size_with_a_second_or_without, 0,
			    sizeof rates / sizeof *rates);
	tcase_add_loop_test(tc, a_size_is_written_for_a_person, 0,
			    sizeof texts / sizeof *texts);
	tcase_add_test(tc, a_share_is_all_or_nothing_only_if_it_is);
	tcase_add_test(tc, a_number_is_in_groups_of_three_digits);
	tcase_add_loop_test(tc, percents_add_up_to_100, 0,
			    sizeof percents / sizeof *percents);
	suite_add_tcase(suite, tc);
	return suite;
}
