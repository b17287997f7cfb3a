/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/hiddenname.h"
#include "unit.h"

START_TEST(a_hidden_name_is_another_each_time)
{
	char name[HIDDENNAME_SIZE], other[HIDDENNAME_SIZE];

	for (int i = 0; i < 1000; i++) {
		hiddenname_make(name);
		ck_assert_uint_eq(strlen(name), 6 + 16);
		ck_assert_int_eq(strncmp(name, ".mmcp-", 6), 0);
		ck_assert_uint_eq(strspn(name + 6, "0123456789abcdef"), 16);
		ck_assert(i == 0 || strcmp(name, other) != 0);
		strcpy(other, name);
	}
}
END_TEST

Suite *
hiddenname_suite(void)
{
	Suite *const suite = suite_create("hiddenname");
	TCase *const tc = tcase_create("hidden names");

	tcase_add_test(tc, a_hidden_name_is_another_each_time);
	suite_add_tcase(suite, tc);
	return suite;
}
