/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>

#include "base/counts.h"
#include "plans.h"
#include "unit.h"

/* ---- the table ---- */

START_TEST(a_row_is_complete)
{
	const struct engine *const engine = &engines[_i];

	ck_assert_ptr_nonnull(engine->name);
	ck_assert_ptr_nonnull(engine->word);
	ck_assert_int_eq(count_info[engine->moved].group, COUNT_GROUP_ENGINE);
	ck_assert_ptr_nonnull(count_info[engine->moved].key);
	ck_assert_ptr_nonnull(count_info[engine->moved].label);
	ck_assert(engine->why_not != NULL && engine->copy != NULL);
	for (int i = 0; i < _i; i++) {
		ck_assert_str_ne(engine->name, engines[i].name);
		ck_assert_str_ne(engine->word, engines[i].word);
	}
}
END_TEST

START_TEST(only_stream_and_hugetlb_read_what_is_no_file)
{
	const struct facts pipe = { .dest_regular = true, .dest_readable = true,
				   .only_mapped = true, .page = 4096, .cpus = 2 };
	const bool reads = _i == ENGINE_STREAM || _i == ENGINE_HUGETLB;

	ck_assert_int_eq(engines[_i].why_not(&pipe),
			 reads ? REASON_NONE : REASON_SOURCE_KIND);
}
END_TEST

START_TEST(a_plain_large_file_is_served)
{
	const struct facts facts = { REGULAR, .size = 64 * MIB, .page = 4096, .cpus = 2 };

	ck_assert_int_eq(engines[_i].why_not(&facts),
			 _i == ENGINE_HUGETLB ? REASON_NOT_HUGETLB : REASON_NONE);
}
END_TEST

/* ---- one engine after the other ---- */

/* Whether PLAN, for no mapping, has anything of what is done to one.  */
static bool
maps_nothing(const struct plan *plan)
{
	return plan->mmap.write.ways == 0 && plan->mmap.store.ways == 0
		&& !is_from_mapping(*plan) && !plan->mmap.supply;
}

START_TEST(every_refusal_has_a_next_engine)
{
	const struct facts large = { REGULAR, .size = 2048 * MIB, .cpus = 2,
					 .page = 4096 };
	const struct facts small = { REGULAR, .size = 1, .cpus = 2, .page = 4096 };
	const struct plan_policy any = { .engine = NULL };
	struct plan plan = plan_choose(&large, &any);

	plan_fall_back(&plan, REASON_REFUSED, 0);
	ck_assert_str_eq(plan.engine->name, engines[ENGINE_MMAP].name);
	ck_assert_int_eq(plan.why, REASON_NONE);
	plan_fall_back(&plan, REASON_MMAP_REFUSED, ENOMEM);
	ck_assert_str_eq(plan.engine->name, engines[ENGINE_STREAM].name);
	ck_assert_int_eq(plan.why, REASON_MMAP_REFUSED);
	ck_assert_int_eq(plan.why_err, ENOMEM);
	plan = plan_choose(&small, &any);
	plan_fall_back(&plan, REASON_REFUSED, 0);
	ck_assert_str_eq(plan.engine->name, engines[ENGINE_KERNEL].name);
	plan_fall_back(&plan, REASON_KERNEL_REFUSED, EXDEV);
	ck_assert_str_eq(plan.engine->name, engines[ENGINE_STREAM].name);
	ck_assert_int_eq(plan.why, REASON_KERNEL_REFUSED);
	ck_assert_int_eq(plan.why_err, EXDEV);
}
END_TEST

START_TEST(what_goes_past_the_page_cache_is_not_mapped)
{
	const struct plan_policy direct = { .direct = true };
	const struct plan_policy copied = { .direct = true, .reflink = REFLINK_NEVER };
	const struct plan_policy filled = { .direct = true, .sparse = SPARSE_NEVER };
	const struct plan_policy *const policies[] = { &direct, &copied, &filled };

	for (unsigned i = 0; i < 64; i++) {
		const struct facts facts = {
			REGULAR, .size = 64 * MIB, .page = 4096, .cpus = 1 + i % 2,
			.writes_well = (i & 2) != 0, .in_place = (i & 4) != 0,
			.takes_pages = (i & 8) != 0, .holes = (i & 16) != 0,
			.reserves = (i & 32) != 0, .huge_fault = 2 * MIB,
		};
		for (unsigned j = 0; j < 3; j++) {
			const struct plan plan = plan_moving(&facts, policies[j]);
			ck_assert(plan_is(&plan, ENGINE_DIRECT));
			ck_assert_msg(maps_nothing(&plan), "facts %u, policy %u", i, j);
		}
	}
}
END_TEST

START_TEST(a_refused_engine_leaves_the_next_one_nothing)
{
	const struct plan_policy any = { .reflink = REFLINK_NEVER };
	const struct plan_policy direct = { .direct = true, .reflink = REFLINK_NEVER };
	const struct facts facts = {
		REGULAR, .size = 64 * MIB, .cpus = 2, .page = 4096, .writes_well = true,
		.holes = true, .takes_pages = true, .reserves = true,
		.huge_fault = 2 * MIB,
	};
	const struct plan_policy *const policies[] = { &any, &direct };

	for (unsigned i = 0; i < 2; i++) {
		struct plan plan = plan_choose(&facts, policies[i]);
		ck_assert(plan_is(&plan, i == 0 ? ENGINE_MMAP : ENGINE_DIRECT));
		plan_fall_back(&plan, REASON_REFUSED, 0);
		ck_assert_str_eq(plan.engine->name, engines[ENGINE_STREAM].name);
		plan.stream.write.ways = 0;	/* Its own part stays.  */
		ck_assert(maps_nothing(&plan));
		for (unsigned j = 0; j < 2; j++) {
			const struct workers_plan *const workers = j == 0
				? &plan.mmap.workers : &plan.direct.workers;
			ck_assert(!workers->reserve);
			ck_assert_uint_eq(workers->count, 0);
			ck_assert_uint_eq(workers->chunk, 0);
		}
		ck_assert_uint_eq(plan.mmap.window + plan.mmap.write_below, 0);
	}
}
END_TEST

START_TEST(an_engine_by_name_is_that_one)
{
	const struct facts facts = { REGULAR, .size = 2048 * MIB, .cpus = 2,
				    .page = 4096 };
	const struct plan plan = plan_choose(&facts, &(struct plan_policy) {
		.engine = &engines[_i] });

	ck_assert_ptr_eq(plan.engine, &engines[_i]);
	ck_assert(plan.exact);
	ck_assert_int_eq(plan.impossible, engines[_i].why_not(&facts));
	ck_assert_uint_eq(plan.next, 0);
}
END_TEST

Suite *
engine_suite(void)
{
	Suite *const suite = suite_create("engine");
	TCase *const tc = tcase_create("the table");

	tcase_add_loop_test(tc, a_row_is_complete, 0, ENGINES);
	tcase_add_loop_test(tc, only_stream_and_hugetlb_read_what_is_no_file, 0, ENGINES);
	tcase_add_loop_test(tc, a_plain_large_file_is_served, 0, ENGINES);
	tcase_add_test(tc, every_refusal_has_a_next_engine);
	tcase_add_test(tc, what_goes_past_the_page_cache_is_not_mapped);
	tcase_add_test(tc, a_refused_engine_leaves_the_next_one_nothing);
	tcase_add_loop_test(tc, an_engine_by_name_is_that_one, 0, ENGINES);
	suite_add_tcase(suite, tc);
	return suite;
}
