/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <math.h>

#include "report/pace.h"

#define TENTH UINT64_C(100000000)
#define BYTES UINT64_C(1000000)

static struct pace pace;

/* Note N samples from *AT on, a tenth of a second apart, at BYTES a tenth.  */
static void
go_on(uint64_t *at, uint64_t *there, unsigned n, uint64_t bytes)
{
	for (unsigned i = 0; i < n; i++) {
		*at += TENTH;
		*there += bytes;
		pace_note(&pace, *at, *there);
	}
}

START_TEST(a_rate_is_that_of_the_last_seconds)
{
	uint64_t at = 0, there = 0;

	pace = (struct pace) { .count = 0 };
	ck_assert(pace_rate(&pace) < 0);
	go_on(&at, &there, 10, BYTES);
	ck_assert(fabs(pace_rate(&pace) - 10e6) < 1);
	go_on(&at, &there, 300, BYTES);
	ck_assert(fabs(pace_rate(&pace) - 10e6) < 1);
	go_on(&at, &there, 40, 2 * BYTES);
	ck_assert(fabs(pace_rate(&pace) - 20e6) < 1);
}
END_TEST

START_TEST(an_end_is_told_only_if_it_is_sure)
{
	uint64_t at = 0, there = 0;

	pace = (struct pace) { .count = 0 };
	go_on(&at, &there, 10, BYTES);
	ck_assert(pace_left(&pace, 1000 * BYTES) < 0);
	go_on(&at, &there, 20, BYTES);
	ck_assert(fabs(pace_left(&pace, 1000 * BYTES) - 100) < 0.1);
	/* It has become much slower: nobody knows for how long.  */
	go_on(&at, &there, 100, BYTES);
	go_on(&at, &there, 35, BYTES / 10);
	ck_assert(pace_left(&pace, 1000 * BYTES) < 0);
	go_on(&at, &there, 100, BYTES / 10);
	ck_assert(fabs(pace_left(&pace, 1000 * BYTES) - 1000) < 5);
}
END_TEST

START_TEST(an_end_does_not_jump)
{
	uint64_t at = 0, there = 0, to_go = 3000 * BYTES;
	double last = -1;

	pace = (struct pace) { .count = 0 };
	for (unsigned i = 0; i < 600; i++) {
		const uint64_t bytes = i % 7 < 3 ? 2 * BYTES : i % 7 == 4 ? 0 : BYTES;
		go_on(&at, &there, 1, bytes);
		to_go -= bytes;
		const double left = pace_left(&pace, to_go);
		if (last >= 0)
			ck_assert(left >= 0 && fabs(left - last) < 3);
		last = left;
	}
}
END_TEST

Suite *
pace_suite(void)
{
	Suite *const suite = suite_create("pace");
	TCase *const tc = tcase_create("pace");

	tcase_add_test(tc, a_rate_is_that_of_the_last_seconds);
	tcase_add_test(tc, an_end_is_told_only_if_it_is_sure);
	tcase_add_test(tc, an_end_does_not_jump);
	suite_add_tcase(suite, tc);
	return suite;
}
