/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "cli/keyword.h"
#include "unit.h"

static const struct keyword words[] = {
	{ "none", 0 }, { "off", 0 },
	{ "numbered", 1 }, { "t", 1 },
	{ "existing", 2 }, { "nil", 2 }, { "exist", 2 },
	{ "two", 3 },
	{ NULL, 0 }
};

static const struct {
	const char *text;
	int value;
	const char *said;	/* is in the message; "": there is none */
} cases[] = {
	{ "none", 0, "" },
	{ "off", 0, "" },
	{ "o", 0, "" },
	{ "nu", 1, "" },
	{ "exis", 2, "" },	/* abbreviates two words that mean the same */
	{ "exist", 2, "" },
	{ "t", 1, "" },		/* is a word, and the beginning of another */
	{ "tw", 3, "" },
	{ "n", -1, "ambiguous argument 'n' for '--o'" },
	{ "", -1, "ambiguous argument '' for '--o'" },
	{ "twofold", -1, "invalid argument 'twofold' for '--o'" },
	{ "Two", -1, "invalid argument 'Two' for '--o'" },
};

START_TEST(a_word_is_known_by_an_unambiguous_abbreviation)
{
	scratch_hush();
	ck_assert_int_eq(keyword_match("--o", cases[_i].text, words), cases[_i].value);
	const char *const said = scratch_said();
	ck_assert_ptr_nonnull(strstr(said, cases[_i].said));
	ck_assert_int_eq(*said == '\0', *cases[_i].said == '\0');
}
END_TEST

START_TEST(the_message_for_a_bad_word_lists_the_good_ones)
{
	scratch_hush();
	ck_assert_int_eq(keyword_match("--o", "x", words), -1);
	ck_assert_ptr_nonnull(strstr(scratch_said(),
				     "\nValid arguments are:\n"
				     "  - 'none', 'off'\n"
				     "  - 'numbered', 't'\n"
				     "  - 'existing', 'nil', 'exist'\n"
				     "  - 'two'\n"));
}
END_TEST

Suite *
keyword_suite(void)
{
	Suite *const suite = suite_create("keyword");
	TCase *const tc = tcase_create("vocabulary");

	tcase_add_checked_fixture(tc, scratch_enter, scratch_leave);
	tcase_add_loop_test(tc, a_word_is_known_by_an_unambiguous_abbreviation, 0,
			    sizeof cases / sizeof *cases);
	tcase_add_test(tc, the_message_for_a_bad_word_lists_the_good_ones);
	suite_add_tcase(suite, tc);
	return suite;
}
