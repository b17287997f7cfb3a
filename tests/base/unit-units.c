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
	{ "2b", UNITS_OK, 1024 },
	{ "1k", UNITS_OK, 1024 },
	{ "1K", UNITS_OK, 1024 },
	{ "1KB", UNITS_OK, 1000 },
	{ "1kB", UNITS_OK, 1000 },
	{ "1KiB", UNITS_OK, 1024 },
	{ "16M", UNITS_OK, 16 << 20 },
	{ "3G", UNITS_OK, UINT64_C(3) << 30 },
	{ "2T", UNITS_OK, UINT64_C(2) << 40 },
	{ "7E", UNITS_OK, UINT64_C(7) << 60 },
	{ "9223372036854775807", UNITS_OK, INT64_MAX },
	{ "9223372036854775808", UNITS_TOO_LARGE, 0 },
	{ "8E", UNITS_TOO_LARGE, 0 },
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
	{ "1Ki", UNITS_BAD_SUFFIX, 0 },
	{ "1.5G", UNITS_BAD_SUFFIX, 0 },
	{ "1 M", UNITS_BAD_SUFFIX, 0 },
};

START_TEST(a_size_is_read_as_coreutils_reads_it)
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

	ck_assert_str_eq(units_format_share(0, 3, buf, sizeof buf), "0%");
	ck_assert_str_eq(units_format_share(1, 3, buf, sizeof buf), "33%");
	ck_assert_str_eq(units_format_share(3, 3, buf, sizeof buf), "100%");
	ck_assert_str_eq(units_format_share(1, UINT64_MAX, buf, sizeof buf), "<1%");
	ck_assert_str_eq(units_format_share(99995, 100000, buf, sizeof buf), ">99%");
	ck_assert_str_eq(units_format_share(99499, 100000, buf, sizeof buf), "99%");
}
END_TEST

Suite *
units_suite(void)
{
	Suite *const suite = suite_create("units");
	TCase *const tc = tcase_create("sizes");

	tcase_add_loop_test(tc, a_size_is_read_as_coreutils_reads_it, 0,
			    sizeof sizes / sizeof *sizes);
	tcase_add_loop_test(tc, a_size_is_written_for_a_person, 0,
			    sizeof texts / sizeof *texts);
	tcase_add_test(tc, a_share_is_all_or_nothing_only_if_it_is);
	suite_add_tcase(suite, tc);
	return suite;
}
