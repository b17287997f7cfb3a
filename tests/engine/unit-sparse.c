/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "plans.h"
#include "unit.h"

START_TEST(a_hole_that_is_to_be_filled_is_not_mapped)
{
	const struct plan_policy any = { 0 }, filled = { .sparse = SPARSE_NEVER };
	const struct plan_policy by_name = { .sparse = SPARSE_NEVER,
					    .engine = &engines[ENGINE_MMAP] };
	struct facts facts = { REGULAR, .size = 64 * MIB, .cpus = 2, .page = 4096,
				    .takes_pages = true, .holes = true };

	ck_assert_uint_eq(plan_moving(&facts, &filled).mmap.read_below, UINT64_MAX);
	ck_assert_uint_eq(plan_moving(&facts, &by_name).mmap.read_below, UINT64_MAX);
	ck_assert(!plan_moving(&facts, &filled).mmap.supply);
	ck_assert_uint_eq(plan_moving(&facts, &any).mmap.read_below, MIB / 4);
	ck_assert(plan_moving(&facts, &any).mmap.supply);
	facts.holes = false;
	ck_assert_uint_eq(plan_moving(&facts, &filled).mmap.read_below, MIB / 4);
}
END_TEST

START_TEST(short_data_between_holes_is_not_mapped)
{
	const struct plan_policy any = { 0 }, filled = { .sparse = SPARSE_NEVER };
	const struct plan_policy by_name = { .engine = &engines[ENGINE_MMAP] };
	const struct plan_policy zeros = { .sparse = SPARSE_ALWAYS };
	struct facts facts = { REGULAR, .size = 64 * MIB, .cpus = 2, .page = 4096,
				    .holes = true };

	ck_assert_uint_eq(plan_moving(&facts, &any).mmap.write_below, MIB / 4);
	ck_assert_uint_eq(plan_moving(&facts, &filled).mmap.write_below, 0);
	ck_assert_uint_eq(plan_moving(&facts, &zeros).mmap.write_below, 0);
	ck_assert_uint_eq(plan_moving(&facts, &by_name).mmap.write_below, 0);
	facts.takes_pages = true;
	ck_assert_uint_eq(plan_moving(&facts, &any).mmap.write_below, 0);
	facts.takes_pages = facts.holes = false;
	ck_assert_uint_eq(plan_moving(&facts, &any).mmap.write_below, 0);
}
END_TEST

START_TEST(an_engine_that_shares_or_keeps_holes_is_left_out)
{
	const struct facts facts = { REGULAR, .size = 1, .cpus = 2, .page = 4096 };
	const struct plan_policy always = { .sparse = SPARSE_ALWAYS };
	const struct plan_policy both = { .reflink = REFLINK_ALWAYS };

	struct plan plan = plan_choose(&facts, &always);
	ck_assert_str_eq(plan.engine->name, engines[ENGINE_REFLINK].name);
	plan_fall_back(&plan, REASON_REFUSED, 0);
	ck_assert_str_eq(plan.engine->name, engines[ENGINE_STREAM].name);
	ck_assert(plan.clone_refused);
	plan = plan_choose(&facts, &both);
	ck_assert(plan.reflink.must);
}
END_TEST

START_TEST(holes_that_nobody_can_find_are_looked_for_as_zeros)
{
	const struct facts facts = { REGULAR, .size = 1 * MIB, .page = 4096,
					 .cpus = 1,
					  .holes = true, .hidden_holes = true };
	struct plan_policy policy = { .sparse = SPARSE_AUTO };
	struct plan plan = plan_choose(&facts, &policy);

	plan_fall_back(&plan, REASON_REFUSED, 0);
	ck_assert_str_eq(plan.engine->name, engines[ENGINE_STREAM].name);
	ck_assert(plan.sparse.zeros);
	policy.sparse = SPARSE_NEVER;
	ck_assert(!plan_choose(&facts, &policy).sparse.zeros);
	ck_assert(plan_choose(&facts, &policy).sparse.filled);
	ck_assert_int_eq(plan_choose(&facts, &policy).sparse.holes, HOLES_READ);
}
END_TEST

START_TEST(what_has_all_its_blocks_keeps_them)
{
	struct facts facts = { REGULAR, .size = 1 * MIB, .page = 4096, .cpus = 1,
				    .complete = true };
	struct plan_policy policy = { .sparse = SPARSE_AUTO };

	ck_assert_int_eq(plan_choose(&facts, &policy).sparse.holes, HOLES_READ);
	facts.filled = true;
	ck_assert_int_eq(plan_choose(&facts, &policy).sparse.holes, HOLES_FILLED);
	facts.one_piece = true;
	ck_assert_int_eq(plan_choose(&facts, &policy).sparse.holes, HOLES_READ);
	facts.one_piece = false;
	policy.sparse = SPARSE_NEVER;
	ck_assert_int_eq(plan_choose(&facts, &policy).sparse.holes, HOLES_READ);
	policy.sparse = SPARSE_ALWAYS;
	ck_assert_int_eq(plan_choose(&facts, &policy).sparse.holes, HOLES_KEPT);
	policy.sparse = SPARSE_AUTO;
	facts.complete = false;
	ck_assert_int_eq(plan_choose(&facts, &policy).sparse.holes, HOLES_KEPT);
}
END_TEST

Suite *
sparse_suite(void)
{
	Suite *const suite = suite_create("sparse");
	TCase *const tc = tcase_create("holes");

	tcase_add_test(tc, a_hole_that_is_to_be_filled_is_not_mapped);
	tcase_add_test(tc, short_data_between_holes_is_not_mapped);
	tcase_add_test(tc, an_engine_that_shares_or_keeps_holes_is_left_out);
	tcase_add_test(tc, holes_that_nobody_can_find_are_looked_for_as_zeros);
	tcase_add_test(tc, what_has_all_its_blocks_keeps_them);
	suite_add_tcase(suite, tc);
	return suite;
}
