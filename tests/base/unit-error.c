/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
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

START_TEST(a_name_that_is_too_long_is_cut)
{
	struct error error = ERROR_NONE;
	char name[sizeof error.name + 10];

	memset(name, 'x', sizeof name);
	name[sizeof name - 1] = '\0';
	error_set_name(&error, name);
	ck_assert_uint_eq(strlen(error.name), sizeof error.name - 1);
	error_set_name(&error, "short");
	ck_assert_str_eq(error.name, "short");
	error_set(&error, ERROR_READ, 0);
	ck_assert_str_eq(error.name, "");
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
	TCase *const tc = tcase_create("data");

	tcase_add_test(tc, a_fault_keeps_what_it_is_told);
	tcase_add_test(tc, a_name_that_is_too_long_is_cut);
	tcase_add_test(tc, only_a_failing_medium_or_a_full_disk_ends_it);
	suite_add_tcase(suite, tc);
	return suite;
}
