/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tree/teamsize.h"
#include "unit.h"

#define EVERY TEAMSIZE_EVERY

static uint64_t now, used;

/* So many walkers LIVING worked, or were ready to, for PERCENT of the time since the last
   look; IDLE have nothing to do.  Return what teamsize_look does.  */
static int
look(struct teamsize *size, unsigned living, unsigned percent, unsigned idle)
{
	now += EVERY;
	used += EVERY * living * percent / 100;
	return teamsize_look(size, now, used, living, idle);
}

START_TEST(those_that_wait_become_more)
{
	struct teamsize size = teamsize_begin(2, 16, now);

	ck_assert_int_eq(look(&size, 2, 50, 0), 6);
	ck_assert_int_eq(look(&size, 8, 50, 1), 8);
	ck_assert_int_eq(look(&size, 16, 10, 0), 0);
	ck_assert_uint_eq(size.waited, 90);
}
END_TEST

START_TEST(those_that_compute_do_not)
{
	struct teamsize size = teamsize_begin(2, 16, now);

	ck_assert_int_eq(look(&size, 2, 85, 0), 0);
	ck_assert_int_eq(look(&size, 2, 100, 0), 0);
	/* More than the processors can run.  */
	ck_assert_int_eq(look(&size, 8, 75, 0), 0);
}
END_TEST

START_TEST(those_without_work_do_not)
{
	struct teamsize size = teamsize_begin(2, 16, now);

	ck_assert_int_eq(look(&size, 2, 20, 1), 0);
	ck_assert_int_eq(look(&size, 8, 20, 3), 0);
}
END_TEST

START_TEST(a_calm_team_becomes_smaller_but_not_too_small)
{
	struct teamsize size = teamsize_begin(2, 16, now);
	int less = 0;

	for (unsigned i = 0; i < 10; i++)
		less += look(&size, 4, 95, 0);
	ck_assert_int_eq(less, -2);
	for (unsigned i = 0; i < 10; i++)
		ck_assert_int_eq(look(&size, 2, 95, 0), 0);
}
END_TEST

START_TEST(a_short_time_says_nothing)
{
	struct teamsize size = teamsize_begin(2, 16, now);

	ck_assert_int_eq(teamsize_look(&size, now + EVERY - 1, used, 2, 0), 0);
	/* One has ended, and took what it had used with it.  */
	ck_assert_int_eq(look(&size, 2, 90, 0), 0);
	used = 0;
	ck_assert_int_eq(look(&size, 2, 10, 0), 0);
}
END_TEST

Suite *
teamsize_suite(void)
{
	Suite *const suite = suite_create("teamsize");
	TCase *const tc = tcase_create("looks");

	tcase_add_test(tc, those_that_wait_become_more);
	tcase_add_test(tc, those_that_compute_do_not);
	tcase_add_test(tc, those_without_work_do_not);
	tcase_add_test(tc, a_calm_team_becomes_smaller_but_not_too_small);
	tcase_add_test(tc, a_short_time_says_nothing);
	suite_add_tcase(suite, tc);
	return suite;
}
