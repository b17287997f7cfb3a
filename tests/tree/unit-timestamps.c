/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "tree/timestamps.h"
#include "unit.h"

#define MS 1000000L
#define S 1000000000L

/* Seconds and nanoseconds of the destination and of the source.  */
static const struct {
	const char *name;
	struct timespec dest, source;
	long unit;
	bool older;
} cases[] = {
	{ "a second older", { 1, 5 }, { 2, 5 }, 1, true },
	{ "the same", { 2, 5 }, { 2, 5 }, 1, false },
	{ "a second newer", { 3, 5 }, { 2, 5 }, 1, false },
	{ "a nanosecond older", { 2, 4 }, { 2, 5 }, 1, true },
	{ "a nanosecond newer", { 2, 6 }, { 2, 5 }, 1, false },
	{ "kept in seconds", { 3, 0 }, { 3, 900 * MS }, S, false },
	{ "kept in seconds, and older", { 2, 0 }, { 3, 0 }, S, true },
	{ "kept in 100 ns", { 2, 300 }, { 2, 399 }, 100, false },
	{ "kept in 100 ns, and older", { 2, 300 }, { 2, 400 }, 100, true },
	{ "kept in two seconds", { 2, 0 }, { 3, 999 * MS }, 2 * S, false },
	{ "kept in two seconds, and older", { 2, 0 }, { 4, 0 }, 2 * S, true },
	{ "before 1970", { -2, 5 }, { -1, 5 }, 1, true },
	{ "before 1970, kept in two seconds", { -2, 0 }, { -1, 5 }, 2 * S, false },
};

START_TEST(older_is_what_was_modified_before)
{
	const struct stat dest = { .st_mtim = cases[_i].dest };
	const struct stat source = { .st_mtim = cases[_i].source };
	const bool older = timestamps_is_older(&dest, &source, cases[_i].unit);

	ck_assert_msg(older == cases[_i].older, "%s", cases[_i].name);
	ck_assert_msg(timestamps_differ(&dest, &source, cases[_i].unit)
		      == (older || strstr(cases[_i].name, "newer") != NULL),
		      "%s: differs", cases[_i].name);
	/* Where the unit changes the answer, they are near.  */
	if (older != timestamps_is_older(&dest, &source, 1))
		ck_assert_msg(timestamps_is_near(&dest, &source), "%s: near",
			      cases[_i].name);
}
END_TEST

Suite *
timestamps_suite(void)
{
	Suite *const suite = suite_create("timestamps");
	TCase *const tc = tcase_create("times");

	tcase_add_loop_test(tc, older_is_what_was_modified_before, 0,
			    sizeof cases / sizeof *cases);
	suite_add_tcase(suite, tc);
	return suite;
}
