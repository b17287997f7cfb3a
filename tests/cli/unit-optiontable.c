/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "cli/option.h"
#include "unit.h"

static const struct option *
with_letter(char letter)
{
	for (size_t i = 0; i < option_count; i++)
		if (option_table[i].letter == letter)
			return &option_table[i];
	return NULL;
}

START_TEST(each_row_has_a_name_or_a_letter_of_its_own)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option *const o = &option_table[i];
		ck_assert(o->name != NULL || o->letter != '\0');
		if (o->letter != '\0')
			ck_assert_ptr_eq(with_letter(o->letter), o);
		for (size_t j = 0; o->name != NULL && j < i; j++)
			if (option_table[j].name != NULL)
				ck_assert_str_ne(option_table[j].name, o->name);
	}
}
END_TEST

START_TEST(rows_are_sorted_by_group)
{
	for (size_t i = 0; i < option_count; i++) {
		ck_assert_uint_lt(option_table[i].group, OPTION_GROUPS);
		if (i > 0)
			ck_assert_uint_ge(option_table[i].group,
					  option_table[i - 1].group);
	}
	for (size_t i = 0; i < OPTION_GROUPS; i++)
		ck_assert_ptr_nonnull(option_titles[i]);
}
END_TEST

START_TEST(each_row_is_complete)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option *const o = &option_table[i];
		ck_assert_ptr_nonnull(o->help);
		ck_assert(o->take != NULL);
		/* Without an argument, it has no words, isn't optional, and not late.  */
		if (o->argument == NULL)
			ck_assert(o->keywords == NULL && !o->optional && !o->late);
		if (o->other != '\0') {
			ck_assert_ptr_nonnull(with_letter(o->other));
			ck_assert_int_eq(with_letter(o->other)->other, o->letter);
		}
	}
}
END_TEST

Suite *
optiontable_suite(void)
{
	Suite *const suite = suite_create("option table");
	TCase *const tc = tcase_create("rows");

	tcase_add_test(tc, each_row_has_a_name_or_a_letter_of_its_own);
	tcase_add_test(tc, rows_are_sorted_by_group);
	tcase_add_test(tc, each_row_is_complete);
	suite_add_tcase(suite, tc);
	return suite;
}
