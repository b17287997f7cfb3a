/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "file/context.h"
#include "unit.h"

static const struct {
	const char *context, *usual;
	const char *made;	/* NULL: refused */
} cases[] = {
	{ "u:r:t:s0", "a:b:c:s1", "u:r:c:s0" },
	{ "u:r:t:s0-s0:c0.c9", "a:b:c:s1:c3", "u:r:c:s0-s0:c0.c9" },
	{ "u:r:t", "a:b:c:s1", "u:r:c" },	/* a policy without levels */
	{ "u:r:t:s0", "a:b:longer_t", "u:r:longer_t:s0" },
	{ "u:r", "a:b:c", NULL },
	{ "u:r:t", "c", NULL },
	{ "", "", NULL },
};

START_TEST(only_the_type_is_the_usual_one)
{
	errno = 0;
	char *const made = context_with_type(cases[_i].context, cases[_i].usual);
	if (cases[_i].made == NULL) {
		ck_assert_ptr_null(made);
		ck_assert_int_eq(errno, EINVAL);
	} else {
		ck_assert_str_eq(made, cases[_i].made);
	}
	free(made);
}
END_TEST

START_TEST(the_label_is_no_attribute_like_others_where_a_policy_rules_it)
{
	const struct context_policy none = { .named_late = true },
		keep = { .keep = true },
		usual = { .usual = true }, given = { .given = true };

	ck_assert(!context_decides(&none, "security.selinux"));
	ck_assert(context_decides(&keep, "security.selinux"));
	ck_assert(context_decides(&usual, "security.selinux"));
	ck_assert(context_decides(&given, "security.selinux"));
	ck_assert(!context_decides(&keep, "user.selinux"));
}
END_TEST

Suite *
context_suite(void)
{
	Suite *const suite = suite_create("context");
	TCase *const tcase = tcase_create("context");

	tcase_add_loop_test(tcase, only_the_type_is_the_usual_one, 0,
			    sizeof cases / sizeof *cases);
	tcase_add_test(tcase,
		       the_label_is_no_attribute_like_others_where_a_policy_rules_it);
	suite_add_tcase(suite, tcase);
	return suite;
}
