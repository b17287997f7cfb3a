/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "trials.h"

/* ---- ways that are tried later ---- */

static void
begin_later(void)
{
	const struct trial_plan plan = { .ways = WAY(WAY_HUGE) | WAY(WAY_GROWING),
		.first = WAY_HUGE, .window = WINDOW, .later = true };

	begin(WAY(WAY_HUGE), WAY_HUGE);
	trial = trial_begin(&plan);
	pace[WAY_HUGE] = 100000;
	pace[WAY_GROWING] = 400000;
}

START_TEST(what_is_to_be_tried_later_is_not_tried_at_first)
{
	struct way_times times;

	begin_later();
	ck_assert_uint_eq(move_until_a_look(WAY_HUGE, PAUSE - PAUSE / PART),
			  PAUSE - PAUSE / PART);
	trial_tell(&trial, &times);
	ck_assert(!way_was_tried(&times));
	/* In the pause is one look, in which it is hopeless.  */
	move(PAUSE);
	ck_assert_uint_eq(windows[WAY_GROWING], 1);
	ck_assert_uint_eq(trial.best, WAY_HUGE);
}
END_TEST

START_TEST(what_becomes_slow_is_doubted)
{
	for (unsigned before = 1; before < 50; before++) {
		begin_later();
		move(before);
		pace[WAY_HUGE] = 299000;	/* not three times as slow */
		ck_assert_uint_eq(move_until_a_look(WAY_HUGE, 50), 50);
		pace[WAY_HUGE] = 1000000;
		/* Three of them, and the first of the look.  */
		ck_assert_uint_eq(move_until_a_look(WAY_HUGE, 50), 3 + 1);
		move(10);
		ck_assert_uint_eq(trial.best, WAY_GROWING);
	}
}
END_TEST

START_TEST(what_is_slower_than_another_worker_is_doubted)
{
	begin_later();
	pace[WAY_HUGE] = 1000000;
	ck_assert_uint_eq(move_until_a_look(WAY_HUGE, 50), 50);
	trial_expect(&trial, 0);	/* unknown */
	ck_assert_uint_eq(move_until_a_look(WAY_HUGE, 50), 50);
	trial_expect(&trial, WINDOW * 2);	/* 500000 ns a window */
	ck_assert_uint_eq(move_until_a_look(WAY_HUGE, 50), 50);
	trial_expect(&trial, WINDOW * 4);
	ck_assert_uint_eq(move_until_a_look(WAY_HUGE, 50), 3 + 1);
	move(10);
	ck_assert_uint_eq(trial.best, WAY_GROWING);
}
END_TEST

/* ---- ways that fail ---- */

START_TEST(what_fails_is_used_no_more)
{
	/* The best; while it is timed, and later.  */
	for (unsigned before = 0; before < 20; before++) {
		begin(WRITES, WAY_KERNEL);
		paces(100000, 145000, 130000);
		move(before);
		ck_assert(trial_exclude(&trial, WAY_KERNEL));
		memset(windows, 0, sizeof windows);
		move(1000);
		ck_assert_uint_eq(windows[WAY_KERNEL], 0);
		ck_assert_uint_eq(trial.best, WAY_WRITE_SMALL);
	}
	/* Another.  */
	for (unsigned before = 0; before < 20; before++) {
		begin(WRITES, WAY_KERNEL);
		paces(145000, 100000, 130000);
		move(before);
		ck_assert(trial_exclude(&trial, WAY_WRITE_SMALL));
		memset(windows, 0, sizeof windows);
		move(1000);
		ck_assert_uint_eq(windows[WAY_WRITE_SMALL], 0);
		ck_assert_uint_eq(trial.best, WAY_WRITE);
	}
}
END_TEST

START_TEST(the_last_one_that_is_left_goes_on)
{
	for (unsigned before = 0; before < 20; before++) {
		begin(WRITES, WAY_KERNEL);
		paces(100000, 145000, 130000);
		move(before);
		ck_assert(trial_exclude(&trial, WAY_WRITE_SMALL));
		ck_assert(trial_exclude(&trial, WAY_KERNEL));
		ck_assert_uint_eq(move_until_a_look(WAY_WRITE, 3000), 3000);
		ck_assert(!trial_exclude(&trial, WAY_WRITE));
		trial_allow(&trial, WAY_READ_WRITE);
		pace[WAY_READ_WRITE] = 200000;
		ck_assert_uint_eq(move_until_a_look(WAY_READ_WRITE, 3000), 3000);
	}
}
END_TEST

START_TEST(what_failed_is_not_told)
{
	struct way_times times;

	for (unsigned before = 0; before < 20; before++) {
		begin(WRITES, WAY_KERNEL);
		paces(100000, 130000, 145000);
		move(before);
		ck_assert(trial_exclude(&trial, WAY_KERNEL));
		/* It had moved most of that window.  */
		trial_took(&trial, WAY_KERNEL, WINDOW - 1, 100000);
		trial_tell(&trial, &times);
		ck_assert_uint_eq(times.pace[WAY_KERNEL], 0);
		move(10);
		trial_tell(&trial, &times);
		ck_assert_uint_eq(times.pace[WAY_KERNEL], 0);
		ck_assert_uint_eq(times.chosen, WAY_WRITE);
		ck_assert(way_was_tried(&times));
		ck_assert(trial_exclude(&trial, WAY_WRITE_SMALL));
		trial_tell(&trial, &times);
		ck_assert(!way_was_tried(&times));
	}
}
END_TEST

Suite *
doubt_suite(void)
{
	Suite *const suite = suite_create("doubt");
	TCase *const tc = tcase_create("ways that become slow, or fail");

	tcase_add_test(tc, what_is_to_be_tried_later_is_not_tried_at_first);
	tcase_add_test(tc, what_becomes_slow_is_doubted);
	tcase_add_test(tc, what_is_slower_than_another_worker_is_doubted);
	tcase_add_test(tc, what_fails_is_used_no_more);
	tcase_add_test(tc, the_last_one_that_is_left_goes_on);
	tcase_add_test(tc, what_failed_is_not_told);
	suite_add_tcase(suite, tc);
	return suite;
}
