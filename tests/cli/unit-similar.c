/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "cli/option.h"
#include "cli/similar.h"
#include "unit.h"

static const struct {
	const char *text;
	const char *meant;	/* the option that it is similar to, or NULL */
} cases[] = {
	{ "no-cache", "nocache" }, { "recursivex", "recursive" },
	{ "Recursive", "recursive" }, { "recusrive", "recursive" },
	{ "exclude_from", "exclude-from" }, { "exlcude", "exclude" },
	{ "hepl", "help" }, { "dryrun", "dry-run" }, { "progres-", "progress" },
	{ "foo", NULL }, { "", NULL }, { "x", NULL }, { "delete", NULL },
	{ "size-only", NULL }, { "threads", NULL }, { "hilfe", NULL },
	{ "a-word-that-is-longer-than-any-option-of-ours", NULL },
};

START_TEST(an_option_with_few_slips_is_recognized)
{
	const char *const text = cases[_i].text;
	struct similar similar = similar_to(text, strlen(text));

	for (size_t i = 0; i < option_count; i++)
		if (option_table[i].name != NULL)
			similar_try(&similar, option_table[i].name);
	if (cases[_i].meant == NULL)
		ck_assert_msg(similar.found == NULL, "'%s' is '%s'", text, similar.found);
	else
		ck_assert_str_eq(similar.found, cases[_i].meant);
}
END_TEST

START_TEST(the_word_with_the_fewest_slips_is_found)
{
	struct similar similar = similar_to("nevre-at-all", 5);

	similar_try(&similar, "newer");
	ck_assert_ptr_null(similar.found);
	similar_try(&similar, "nerve");
	ck_assert_str_eq(similar.found, "nerve");
	similar_try(&similar, "nevre");
	ck_assert_str_eq(similar.found, "nevre");
	similar_try(&similar, "never");
	ck_assert_str_eq(similar.found, "nevre");
}
END_TEST

Suite *
similar_suite(void)
{
	Suite *const suite = suite_create("similar");
	TCase *const tc = tcase_create("words");

	tcase_add_loop_test(tc, an_option_with_few_slips_is_recognized, 0,
			    sizeof cases / sizeof *cases);
	tcase_add_test(tc, the_word_with_the_fewest_slips_is_found);
	suite_add_tcase(suite, tc);
	return suite;
}
