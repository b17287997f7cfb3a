/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "report/errortext.h"

/* How many names a text of each kind has room for.  */
static int
names(enum error_about about)
{
	switch (about) {
	case ABOUT_NOTHING:
		return 0;
	case ABOUT_SOURCE:
	case ABOUT_DEST:
	case ABOUT_SOURCE_WORD:
	case ABOUT_DEST_WORD:
	case ABOUT_NAME:
	case ABOUT_OTHER_FILE:
		return 1;
	case ABOUT_BOTH:
	case ABOUT_NAME_AND_SOURCE:
	case ABOUT_NAME_AND_DEST:
		return 2;
	case ABOUT_ENGINE:
	case ABOUT_BLOCK:
		return 3;
	case ABOUT_DIFFERENCE:
		return 4;
	}
	return -1;
}

START_TEST(every_text_names_what_its_step_is_about)
{
	const enum error_step step = (enum error_step) _i;
	int places = 0;

	for (const char *p = errortext_format(step); (p = strchr(p, '%')) != NULL; p++)
		places++;
	ck_assert_int_eq(places, names(errortext_about(step)));
}
END_TEST

static const struct {
	enum error_step step;
	const char *name, *text;
} cases[] = {
	{ ERROR_STAT_SOURCE, "", "cannot stat 'a b'" },
	{ ERROR_CREATE, "", "cannot create regular file 'c'" },
	{ ERROR_CLONE, "", "failed to clone 'c' from 'a b'" },
	{ ERROR_GET_ATTRIBUTE, "user.x", "getting attribute 'user.x' of 'a b'" },
	{ ERROR_SET_ATTRIBUTE, "user.x", "setting attribute 'user.x' for 'c'" },
	{ ERROR_NEW_CONTEXT, "u:r:t",
	  "failed to set default file creation context to 'u:r:t'" },
	{ ERROR_VERIFY_CHANGED, "",
	  "cannot verify 'c': 'a b' changed while it was copied" },
	{ ERROR_ENGINE, "mmap", "cannot copy 'a b' to 'c' with --engine=mmap" },
};

START_TEST(the_names_are_put_where_they_belong)
{
	const struct pathpair pair = { .source_name = "a b", .dest_name = "c" };
	struct error error = ERROR_NONE;

	error_set(&error, cases[_i].step, 0);
	error_set_name(&error, cases[_i].name);
	const char *name[ERROR_NAMES];
	char text[256];
	errortext_names(&error, &pair, name);
	snprintf(text, sizeof text, errortext_format(error.step), name[0], name[1],
		 name[2]);
	ck_assert_str_eq(text, cases[_i].text);
}
END_TEST

Suite *
errortext_suite(void)
{
	Suite *const suite = suite_create("errortext");
	TCase *const tc = tcase_create("texts");

	tcase_add_loop_test(tc, every_text_names_what_its_step_is_about, 0, ERROR_STEPS);
	tcase_add_loop_test(tc, the_names_are_put_where_they_belong, 0,
			    sizeof cases / sizeof *cases);
	suite_add_tcase(suite, tc);
	return suite;
}
