/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "age.h"
#include "unit.h"

#define MS 1000000L

/* The destination's times, and the source's, as seconds and nanoseconds.  */
static const struct {
	const char *name;
	struct timespec atime, mtime, ctime;
	struct timespec source;
	int older, older_kept;		/* without and with times that are kept */
} cases[] = {
	{ "a second older", { 9, 1 }, { 1, 5 }, { 9, 7 }, { 2, 5 }, 1, 1 },
	{ "the same", { 9, 1 }, { 2, 5 }, { 9, 7 }, { 2, 5 }, 0, 0 },
	{ "a second newer", { 9, 1 }, { 3, 5 }, { 9, 7 }, { 2, 5 }, 0, 0 },
	{ "a nanosecond older", { 9, 1 }, { 2, 4 }, { 9, 7 }, { 2, 5 }, 1, 1 },
	{ "a nanosecond newer", { 9, 1 }, { 2, 6 }, { 9, 7 }, { 2, 5 }, 0, 0 },
	{ "kept in seconds", { 9, 0 }, { 3, 0 }, { 9, 0 }, { 3, 900 * MS }, 1, 0 },
	{ "kept in seconds, and older", { 9, 0 }, { 2, 0 }, { 9, 0 }, { 3, 0 }, 1, 1 },
	{ "kept in 100 ns", { 9, 0 }, { 2, 300 }, { 9, 1100 }, { 2, 399 }, 1, 0 },
	{ "kept in 100 ns, and older", { 9, 0 }, { 2, 300 }, { 9, 1100 }, { 2, 400 }, 1, 1 },
	{ "kept in two seconds (FAT)", { 8, 0 }, { 2, 0 }, { 9, 120 * MS }, { 3, 999 * MS }, 1, 0 },
	{ "so, and older", { 8, 0 }, { 2, 0 }, { 9, 120 * MS }, { 4, 0 }, 1, 1 },
	/* ext4 changed the ctime when it set the mtime to a whole second.  */
	{ "a whole second, kept in ns", { 8, 0 }, { 2, 0 }, { 9, 123456789 }, { 2, 1 }, 1, 1 },
	{ "before 1970", { 9, 1 }, { -2, 5 }, { 9, 7 }, { -1, 5 }, 1, 1 },
};

START_TEST(older_is_what_was_modified_before)
{
	const struct stat dest = { .st_atim = cases[_i].atime, .st_mtim = cases[_i].mtime,
				   .st_ctim = cases[_i].ctime };
	const struct stat source = { .st_mtim = cases[_i].source };

	ck_assert_msg(age_is_older(&dest, &source, false) == (cases[_i].older != 0), "%s",
		      cases[_i].name);
	ck_assert_msg(age_is_older(&dest, &source, true) == (cases[_i].older_kept != 0),
		      "%s, kept", cases[_i].name);
}
END_TEST

Suite *
age_suite(void)
{
	Suite *const suite = suite_create("age");
	TCase *const tc = tcase_create("times");

	tcase_add_loop_test(tc, older_is_what_was_modified_before, 0,
			    sizeof cases / sizeof *cases);
	suite_add_tcase(suite, tc);
	return suite;
}
