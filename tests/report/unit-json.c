/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/json.h"

static const struct {
	const char *text, *json;
} cases[] = {
	{ "", ",\"k\":\"\"" },
	{ "name", ",\"k\":\"name\"" },
	{ "a\"b\\c\n\t\001\177", ",\"k\":\"a\\\"b\\\\c\\u000a\\u0009\\u0001\\u007f\"" },
	{ "\xc3\xa9 \xe6\xbc\xa2 \xf0\x9d\x84\x9e",
	 ",\"k\":\"\xc3\xa9 \xe6\xbc\xa2 \xf0\x9d\x84\x9e\"" },
	{ "\xff", ",\"k\":\"\\ufffd\",\"k_base64\":\"/w==\"" },
	{ "a\xffz", ",\"k\":\"a\\ufffdz\",\"k_base64\":\"Yf96\"" },
	{ "ab\xc0\x80", ",\"k\":\"ab\\ufffd\\ufffd\",\"k_base64\":\"YWLAgA==\"" },
	/* a surrogate, what is too long, what is beyond, and what ends too early */
	{ "\xed\xa0\x80", ",\"k\":\"\\ufffd\\ufffd\\ufffd\",\"k_base64\":\"7aCA\"" },
	{ "\xe0\x9f\xbf", ",\"k\":\"\\ufffd\\ufffd\\ufffd\",\"k_base64\":\"4J+/\"" },
	{ "\xf4\x90\x80\x80",
	 ",\"k\":\"\\ufffd\\ufffd\\ufffd\\ufffd\",\"k_base64\":\"9JCAgA==\"" },
	{ "\xe6\xbc", ",\"k\":\"\\ufffd\\ufffd\",\"k_base64\":\"5rw=\"" },
	{ "\xef\xbf\xbd", ",\"k\":\"\xef\xbf\xbd\"" },
};

START_TEST(a_name_is_any_bytes)
{
	char *text;
	size_t size;
	FILE *const out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	json_text(out, "k", cases[_i].text);
	fclose(out);
	ck_assert_str_eq(text, cases[_i].json);
	free(text);
}
END_TEST

Suite *
json_suite(void)
{
	Suite *const suite = suite_create("json");
	TCase *const tc = tcase_create("names");

	tcase_add_loop_test(tc, a_name_is_any_bytes, 0, sizeof cases / sizeof *cases);
	suite_add_tcase(suite, tc);
	return suite;
}
