/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "trials.h"

/* ---- which one goes on ---- */

START_TEST(the_fastest_goes_on)
{
	static const uint64_t table[][3] = {
		{ 100000, 130000, 145000 }, { 130000, 100000, 145000 },
		{ 145000, 130000, 100000 },
	};
	static const enum way fastest[] = { WAY_KERNEL, WAY_WRITE, WAY_WRITE_SMALL };

	for (unsigned first = WAY_KERNEL; first <= WAY_WRITE_SMALL; first++) {
		begin(WRITES, (enum way) first);
		paces(table[_i][0], table[_i][1], table[_i][2]);
		ck_assert_uint_eq(trial_next(&trial, WINDOW), first);
		move(3 * LOOK);
		for (unsigned i = WAY_KERNEL; i <= WAY_WRITE_SMALL; i++)
			ck_assert_uint_eq(windows[i], LOOK);
		ck_assert_uint_eq(move_until_a_look(fastest[_i], 100), 100);
	}
}
END_TEST

START_TEST(noise_changes_nothing)
{
	for (unsigned first = WAY_KERNEL; first <= WAY_WRITE_SMALL; first++) {
		/* All equal; the other ones faster, but not by a tenth.  */
		begin(WRITES, (enum way) first);
		paces(160000, 160000, 160000);
		move(3 * LOOK);
		ck_assert_uint_eq(move_one(), first);
		begin(WRITES, (enum way) first);
		paces(145000, 145000, 145000);
		pace[first] = 160000;
		move(3 * LOOK);
		ck_assert_uint_eq(move_one(), first);
		begin(WRITES, (enum way) first);
		paces(160000, 160000, 160000);
		pace[(first + 1) % 3] = 143000;
		move(3 * LOOK);
		ck_assert_uint_eq(move_one(), (first + 1) % 3);
	}
}
END_TEST

START_TEST(the_faster_of_two_windows_counts)
{
	begin(WAY(WAY_KERNEL) | WAY(WAY_WRITE), WAY_KERNEL);
	paces(200000, 100000, 0);
	move(1);
	ck_assert_uint_eq(move_one(), WAY_WRITE);
	/* Another program gets the processor meanwhile.  */
	pace[WAY_WRITE] = 390000;
	move(1);
	ck_assert_uint_eq(move_one(), WAY_WRITE);
	ck_assert_uint_eq(move_one(), WAY_WRITE);
}
END_TEST

START_TEST(what_is_hopeless_gets_one_window)
{
	begin(WRITES, WAY_KERNEL);
	paces(100000, 120000, 500000);
	move(1000);
	ck_assert_uint_eq(windows[WAY_WRITE], 2 * windows[WAY_WRITE_SMALL]);
	/* But not the first one, which may have been interrupted.  */
	begin(WAY(WAY_KERNEL) | WAY(WAY_WRITE), WAY_KERNEL);
	paces(500000, 100000, 0);
	move(4);
	ck_assert_uint_eq(windows[WAY_KERNEL], LOOK);
	ck_assert_uint_eq(windows[WAY_WRITE], LOOK);
	ck_assert_uint_eq(move_one(), WAY_WRITE);
}
END_TEST

/* ---- later ---- */

START_TEST(a_change_of_speed_is_noticed_before_the_pause_is_over)
{
	begin(WAY(WAY_KERNEL) | WAY(WAY_WRITE), WAY_KERNEL);
	paces(100000, 130000, 0);
	move(2 * LOOK + 100);
	ck_assert_uint_eq(trial.best, WAY_KERNEL);
	pace[WAY_KERNEL] = 400000;	/* memory ends, for example */
	ck_assert_uint_le(move_until_a_look(WAY_KERNEL, 20), 4);
	move(2 * LOOK);
	ck_assert_uint_eq(move_until_a_look(WAY_WRITE, 100), 100);
}
END_TEST

START_TEST(slow_windows_now_and_then_are_no_change)
{
	begin(WAY(WAY_KERNEL) | WAY(WAY_WRITE), WAY_KERNEL);
	paces(100000, 130000, 0);
	move(2 * LOOK);
	for (unsigned i = 0; i < 50; i++) {
		pace[WAY_KERNEL] = 400000;
		ck_assert_uint_eq(move_until_a_look(WAY_KERNEL, 2), 2);
		pace[WAY_KERNEL] = 100000;
		ck_assert_uint_eq(move_until_a_look(WAY_KERNEL, 1), 1);
	}
}
END_TEST

/* The best way is slow but while it is timed.  */
START_TEST(a_look_is_not_brought_forward_more_often_than_by_a_part)
{
	unsigned pause = 2 * PAUSE;

	begin(WAY(WAY_KERNEL) | WAY(WAY_WRITE), WAY_KERNEL);
	paces(100000, 100000, 0);
	move(2 * LOOK);
	for (unsigned i = 0; i < 10; i++) {
		pace[WAY_KERNEL] = 140000;
		/* The first window of a look is in the best way, too.  */
		ck_assert_uint_eq(move_until_a_look(WAY_KERNEL, 4 * PAUSE_MOST),
				  pause / PART + 1);
		paces(100000, 100000, 0);
		move(2 * LOOK - 2);
		ck_assert_uint_eq(trial.best, WAY_KERNEL);
		pause = pause < PAUSE_MOST ? 2 * pause : pause;
	}
}
END_TEST

START_TEST(the_pause_doubles_while_nothing_changes)
{
	unsigned pause = 2 * PAUSE;

	begin(WAY(WAY_KERNEL) | WAY(WAY_WRITE), WAY_KERNEL);
	paces(100000, 130000, 0);
	move(2 * LOOK);
	for (unsigned i = 0; i < 10; i++) {
		ck_assert_uint_eq(move_until_a_look(WAY_KERNEL, 4 * PAUSE_MOST),
				  pause + 1);
		move(2 * LOOK - 2);
		pause = pause < PAUSE_MOST ? 2 * pause : pause;
	}
	/* After a change it is short again.  */
	paces(100000, 70000, 0);
	move_until_a_look(WAY_KERNEL, 4 * PAUSE_MOST);
	move(2 * LOOK - 2);
	ck_assert_uint_eq(trial.best, WAY_WRITE);
	paces(100000, 70000, 0);
	ck_assert_uint_eq(move_until_a_look(WAY_WRITE, 4 * PAUSE_MOST), PAUSE + 1);
}
END_TEST

/* What a wrong first choice costs at most: a look moves LOOK windows in each slower way,
   and each pause is twice as long as the one before.  */
START_TEST(slower_ways_get_less_than_a_hundredth)
{
	static const unsigned lengths[] = { 2048, 10000, 100000 };

	for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		const unsigned length = lengths[i];
		unsigned looks = 1;

		for (unsigned at = 0, pause = PAUSE; (at += pause) < length; looks++)
			pause = pause < PAUSE_MOST ? 2 * pause : pause;
		begin(WRITES, WAY_WRITE_SMALL);
		paces(100000, 130000, 145000);
		move(length);
		ck_assert_uint_eq(trial.best, WAY_KERNEL);
		ck_assert_uint_le(length - windows[WAY_KERNEL], looks * LOOK * 2);
		ck_assert_uint_lt(length - windows[WAY_KERNEL], length / 100);
	}
}
END_TEST

/* ---- what isn't tried ---- */

START_TEST(less_than_half_a_window_is_not_timed)
{
	begin(WRITES, WAY_WRITE);
	ck_assert_uint_eq(trial_window(&trial, 1), 1);
	ck_assert_uint_eq(trial_window(&trial, UINT64_MAX), WINDOW);
	paces(100000, 130000, 145000);
	move(1);
	for (unsigned i = 0; i < 1000; i++) {
		const enum way way = trial_next(&trial, WINDOW / 2 - 1);
		ck_assert_uint_eq(way, WAY_WRITE);
		trial_took(&trial, way, WINDOW / 2 - 1, 1);
	}
	ck_assert_uint_eq(windows[WAY_WRITE], 1);
	move(3 * LOOK - 1);
	ck_assert_uint_eq(trial.best, WAY_KERNEL);
	/* Half of one is.  */
	begin(WAY(WAY_KERNEL) | WAY(WAY_WRITE), WAY_WRITE);
	for (unsigned i = 0; i < 2 * LOOK; i++) {
		const enum way way = trial_next(&trial, WINDOW / 2);
		trial_took(&trial, way, WINDOW / 2, pace[way] / 2);
	}
	ck_assert_uint_eq(trial.best, WAY_KERNEL);
}
END_TEST

START_TEST(one_way_alone_has_a_speed)
{
	struct way_times times;

	begin(WAY(WAY_WRITE), WAY_WRITE);
	paces(0, 1000000, 0);
	ck_assert_uint_eq(trial_speed(&trial), 0);
	ck_assert_uint_eq(move_until_a_look(WAY_WRITE, 10000), 10000);
	/* 1 MiB a millisecond.  */
	ck_assert_uint_le(trial_speed(&trial), WINDOW + 4 * KIB);
	ck_assert_uint_ge(trial_speed(&trial), WINDOW - 4 * KIB);
	pace[WAY_WRITE] = 2000000;
	move(100);
	ck_assert_uint_le(trial_speed(&trial), WINDOW / 2 + 4 * KIB);
	trial_tell(&trial, &times);
	ck_assert(!way_was_tried(&times));
	ck_assert_uint_eq(times.chosen, WAY_WRITE);
}
END_TEST

START_TEST(without_a_window_the_first_way_does_everything)
{
	const struct trial_plan plan = { .ways = WRITES, .first = WAY_WRITE };

	trial = trial_begin(&plan);
	paces(1, 100000, 1);
	ck_assert_uint_eq(trial_window(&trial, UINT64_MAX), UINT64_MAX);
	ck_assert_uint_eq(move_until_a_look(WAY_WRITE, 3000), 3000);
	ck_assert_uint_eq(trial_speed(&trial), 0);
}
END_TEST

Suite *
trial_suite(void)
{
	Suite *const suite = suite_create("trial");
	TCase *const tc = tcase_create("by a clock that is made up");

	tcase_add_loop_test(tc, the_fastest_goes_on, 0, 3);
	tcase_add_test(tc, noise_changes_nothing);
	tcase_add_test(tc, the_faster_of_two_windows_counts);
	tcase_add_test(tc, what_is_hopeless_gets_one_window);
	tcase_add_test(tc, a_change_of_speed_is_noticed_before_the_pause_is_over);
	tcase_add_test(tc, slow_windows_now_and_then_are_no_change);
	tcase_add_test(tc, a_look_is_not_brought_forward_more_often_than_by_a_part);
	tcase_add_test(tc, the_pause_doubles_while_nothing_changes);
	tcase_add_test(tc, slower_ways_get_less_than_a_hundredth);
	tcase_add_test(tc, less_than_half_a_window_is_not_timed);
	tcase_add_test(tc, one_way_alone_has_a_speed);
	tcase_add_test(tc, without_a_window_the_first_way_does_everything);
	suite_add_tcase(suite, tc);
	return suite;
}
