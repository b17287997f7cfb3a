/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "unit.h"

START_TEST(a_fault_keeps_what_it_is_told)
{
	struct error error = ERROR_NONE;

	ck_assert_int_eq(error_set_at(&error, ERROR_READ, EIO, 4096), -1);
	ck_assert_int_eq(error.step, ERROR_READ);
	ck_assert_int_eq(error.err, EIO);
	ck_assert_int_eq(error.at, 4096);
	ck_assert_int_eq(error_set(&error, ERROR_WRITE, ENOSPC), -1);
	ck_assert_int_eq(error.at, -1);
}
END_TEST

START_TEST(every_step_speaks_of_the_names_it_is_about)
{
	const enum error_step step = (enum error_step) _i;
	const char *const words = error_words(step);
	int places = 0;

	for (const char *p = words; (p = strchr(p, '%')) != NULL; p++)
		places++;
	switch (error_about(step)) {
	case ABOUT_NOTHING:
		ck_assert_int_eq(places, 0);
		break;
	case ABOUT_SOURCE:
	case ABOUT_DEST:
	case ABOUT_SOURCE_WORD:
	case ABOUT_DEST_WORD:
		ck_assert_int_eq(places, 1);
		break;
	case ABOUT_BOTH:
		ck_assert_int_eq(places, 2);
		break;
	}
}
END_TEST

START_TEST(only_a_failing_medium_or_a_full_disk_ends_it)
{
	static const int next_way[] = { ENOSYS, EXDEV, EOPNOTSUPP, EINVAL, EPERM, EBADF,
					ETXTBSY, EFBIG, ENODEV, ENOTTY };

	ck_assert(error_is_final(EIO));
	ck_assert(error_is_final(ENOSPC));
	ck_assert(error_is_final(EDQUOT));
	for (size_t i = 0; i < sizeof next_way / sizeof *next_way; i++)
		ck_assert(!error_is_final(next_way[i]));
}
END_TEST

Suite *
error_suite(void)
{
	Suite *const suite = suite_create("error");
	TCase *const tc = tcase_create("words");

	tcase_add_test(tc, a_fault_keeps_what_it_is_told);
	tcase_add_loop_test(tc, every_step_speaks_of_the_names_it_is_about, 0,
			    ERROR_STEPS);
	tcase_add_test(tc, only_a_failing_medium_or_a_full_disk_ends_it);
	suite_add_tcase(suite, tc);
	return suite;
}
