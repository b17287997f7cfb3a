/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/counts.h"
#include "plans.h"
#include "unit.h"

/* A case is the facts that differ from a readable regular file onto a new one, what was
   asked for, and what has to come of it.  */
static const struct {
	const char *name;
	struct facts facts;
	struct plan_policy policy;
	int engine;		/* ENGINE_x */
	unsigned workers;
	uint64_t chunk;
	int writer;
	int told;		/* plan.why is given */
	int impossible;
} cases[] = {
	{ "empty", { REGULAR, .size = 0, .cpus = 2 }, { 0 }, ENGINE_STREAM, 0, 0, 0, 1,
	 0 },
	{ "a byte", { REGULAR, .size = 1, .cpus = 2 }, { 0 }, ENGINE_REFLINK, 0, 0, 0, 1,
	 0 },
	{ "below mapping", { REGULAR, .size = 32 * MIB - 1, .cpus = 2 }, { 0 },
	  ENGINE_REFLINK, 0, 0, 0, 1, 0 },
	{ "large", { REGULAR, .size = 2048 * MIB, .cpus = 2 }, { 0 },
	  ENGINE_REFLINK, 2, 4 * MIB, 1, 0, 0 },
	{ "large, in place", { REGULAR, .size = 2048 * MIB, .cpus = 2, .in_place = true },
	 { 0 },
	  ENGINE_REFLINK, 2, 4 * MIB, 1, 0, 0 },
	{ "large, in place, more workers",
	  { REGULAR, .size = 2048 * MIB, .cpus = 4, .in_place = true }, { 0 },
	  ENGINE_REFLINK, 4, 4 * MIB, 1, 0, 0 },
	{ "large, one processor", { REGULAR, .size = 2048 * MIB, .cpus = 1 }, { 0 },
	  ENGINE_REFLINK, 1, 4 * MIB, 0, 1, 0 },
	{ "large, -j1", { REGULAR, .size = 2048 * MIB, .cpus = 8 }, { .jobs = 1 },
	  ENGINE_REFLINK, 1, 4 * MIB, 0, 1, 0 },
	{ "no more workers than chunks", { REGULAR, .size = 100 * MIB, .cpus = 64 },
	 { 0 },
	  ENGINE_REFLINK, 25, 4 * MIB, 1, 0, 0 },
	{ "no more workers than there is room for",
	  { REGULAR, .size = (off_t) 1 << 50, .cpus = 2000 }, { .jobs = 1000000 },
	  ENGINE_REFLINK, WORKERS_MAX, 4 * MIB, 1, 0, 0 },
	{ "a chunk is whole pages", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .chunk_size = 5000 }, ENGINE_REFLINK, 2, 8192, 1, 0, 0 },
	{ "a chunk is no larger than the file", { REGULAR, .size = 5000, .cpus = 2 },
	  { .engine = &engines[ENGINE_MMAP], .chunk_size = INT64_MAX },
	  ENGINE_MMAP, 1, 8192, 0, 0, 0 },
	{ "a pipe", { .dest_regular = true, .dest_readable = true, .cpus = 2 }, { 0 },
	  ENGINE_STREAM, 0, 0, 0, 1, 0 },
	{ "onto a device", { .source_regular = true, .size = 2048 * MIB, .cpus = 2 },
	 { 0 },
	  ENGINE_STREAM, 0, 0, 0, 1, 0 },
	{ "write-only destination",
	  { .source_regular = true, .dest_regular = true, .size = 2048 * MIB, .cpus = 2 },
	  { 0 },
	  ENGINE_REFLINK, 0, 0, 0, 1, 0 },
	{ "into hugetlbfs",
	 { REGULAR, .size = 1, .cpus = 2, .page = 2 * MIB, .only_mapped = true }, { 0 },
	  ENGINE_MMAP, 1, 2 * MIB, 0, 0, 0 },
	{ "large pages", { REGULAR, .size = 2048 * MIB, .cpus = 2, .page = 65536 },
	  { .chunk_size = 5000 }, ENGINE_REFLINK, 2, 65536, 1, 0, 0 },
	{ "mmap by name", { REGULAR, .size = 1, .cpus = 2 },
	  { .engine = &engines[ENGINE_MMAP] },
	  ENGINE_MMAP, 1, 4096, 0, 0, 0 },
	{ "mmap by name, large", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .engine = &engines[ENGINE_MMAP] }, ENGINE_MMAP, 2, 4 * MIB, 0, 0, 0 },
	{ "mmap by name, empty", { REGULAR, .size = 0, .cpus = 2 },
	 { .engine = &engines[ENGINE_MMAP] },
	  ENGINE_STREAM, 0, 0, 0, 0, 0 },
	{ "mmap by name, a pipe", { .dest_regular = true, .dest_readable = true },
	  { .engine = &engines[ENGINE_MMAP] }, ENGINE_MMAP, 0, 0, 0, 0, 1 },
	{ "mmap by name, write-only",
	  { .source_regular = true, .dest_regular = true, .size = 1 },
	  { .engine = &engines[ENGINE_MMAP] }, ENGINE_MMAP, 0, 0, 0, 0, 1 },
	{ "mmap by name, where errors may be lost",
	  { REGULAR, .size = 2048 * MIB, .cpus = 2, .unsafe = true,
	    .unfit = REASON_UNTRUSTED },
	  { .engine = &engines[ENGINE_MMAP] }, ENGINE_MMAP, 0, 0, 0, 0, 1 },
	{ "kernel by name, where errors of mappings may be lost",
	  { REGULAR, .size = 2048 * MIB, .cpus = 2, .unsafe = true,
	    .unfit = REASON_UNTRUSTED },
	  { .engine = &engines[ENGINE_KERNEL] }, ENGINE_KERNEL, 0, 0, 0, 0, 0 },
	{ "--direct, where errors of mappings may be lost",
	  { REGULAR, .size = 2048 * MIB, .cpus = 1, .unsafe = true,
	    .unfit = REASON_UNTRUSTED },
	  { .direct = true }, ENGINE_REFLINK, 1, 16 * MIB, 0, 0, 0 },
	{ "kernel by name, onto a device", { .source_regular = true, .size = 1 },
	  { .engine = &engines[ENGINE_KERNEL] }, ENGINE_KERNEL, 0, 0, 0, 0, 1 },
	{ "--reflink=never", { REGULAR, .size = 1, .cpus = 2 },
	 { .reflink = REFLINK_NEVER },
	  ENGINE_STREAM, 0, 0, 0, 1, 0 },
	{ "--reflink=never, where nothing is shared",
	  { REGULAR, .size = 1, .cpus = 2, .unshared = true },
	  { .reflink = REFLINK_NEVER },
	  ENGINE_KERNEL, 0, 0, 0, 1, 0 },
	{ "--reflink=never, --sparse=never, where nothing is shared",
	  { REGULAR, .size = 1, .cpus = 2, .unshared = true },
	  { .reflink = REFLINK_NEVER, .sparse = SPARSE_NEVER }, ENGINE_STREAM, 0, 0, 0, 1,
	  0 },
	{ "--reflink=never, large", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .reflink = REFLINK_NEVER }, ENGINE_MMAP, 2, 4 * MIB, 1, 0, 0 },
	{ "shunned by the file system",
	  { REGULAR, .size = 2048 * MIB, .cpus = 2, .unfit = REASON_UNTRUSTED }, { 0 },
	  ENGINE_REFLINK, 0, 0, 0, 1, 0 },
	{ "--direct",
	  { REGULAR, .size = 2048 * MIB, .cpus = 1, .unfit = REASON_UNTRUSTED },
	  { .direct = true }, ENGINE_REFLINK, 1, 16 * MIB, 0, 0, 0 },
	{ "not in memory", { REGULAR, .size = 2048 * MIB, .cpus = 2, .cold = true },
	 { 0 }, ENGINE_REFLINK, 4, 172 * MIB, 1, 0, 0 },
	{ "not in memory, little memory", { REGULAR, .size = 2048 * MIB, .cpus = 2,
	    .cold = true, .memory = 160 * MIB }, { 0 },
	  ENGINE_REFLINK, 2, 208 * MIB, 1, 0, 0 },
	{ "not in memory, least memory", { REGULAR, .size = 2048 * MIB, .cpus = 2,
	    .cold = true, .memory = 32 * MIB }, { 0 }, ENGINE_REFLINK, 0, 0, 0, 1, 0 },
	{ "not in memory, little memory, -j3", { REGULAR, .size = 2048 * MIB, .cpus = 2,
	    .cold = true, .memory = 32 * MIB }, { .jobs = 3 },
	  ENGINE_REFLINK, 3, 228 * MIB, 1, 0, 0 },
	{ "not in memory, 40 MiB", { REGULAR, .size = 40 * MIB, .cpus = 2, .cold = true },
	 { 0 }, ENGINE_REFLINK, 3, 16 * MIB, 1, 0, 0 },
	{ "--nocache with large chunks", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .nocache = true, .chunk_size = 64 * MIB },
	  ENGINE_REFLINK, 2, 16 * MIB, 1, 0, 0 },
	{ "--reflink=always, a pipe", { .dest_regular = true, .cpus = 2 },
	  { .reflink = REFLINK_ALWAYS }, ENGINE_REFLINK, 0, 0, 0, 0, 0 },
	{ "--sparse=never", { REGULAR, .size = 1, .cpus = 2 }, { .sparse = SPARSE_NEVER },
	  ENGINE_STREAM, 0, 0, 0, 1, 0 },
	{ "--sparse=always", { REGULAR, .size = 1, .cpus = 2 },
	 { .sparse = SPARSE_ALWAYS },
	  ENGINE_REFLINK, 0, 0, 0, 1, 0 },
	{ "--sparse=always, large", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .sparse = SPARSE_ALWAYS }, ENGINE_REFLINK, 2, 4 * MIB, 0, 0, 0 },
	{ "kernel by name", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .engine = &engines[ENGINE_KERNEL] }, ENGINE_KERNEL, 0, 0, 0, 0, 0 },
	{ "--verify", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .verify = VERIFY_READ, .chunk_size = 4096 },
	  ENGINE_REFLINK, 2, 1 * MIB, 0, 1, 0 },
	{ "--verify, small", { REGULAR, .size = MIB, .cpus = 2 },
	  { .verify = VERIFY_DEVICE }, ENGINE_REFLINK, 0, 0, 0, 1, 0 },
	{ "--verify --direct", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .verify = VERIFY_DEVICE, .direct = true },
	  ENGINE_REFLINK, 2, 16 * MIB, 0, 0, 0 },
	{ "stream by name, a pipe", { .dest_regular = true },
	  { .engine = &engines[ENGINE_STREAM] },
	  ENGINE_STREAM, 0, 0, 0, 0, 0 },
};

/* What PLAN has for workers.  */
static const struct workers_plan *
workers_of(const struct plan *plan)
{
	return plan->direct.workers.count != 0 ? &plan->direct.workers
		: plan->stream.workers.count != 0 ? &plan->stream.workers
		: &plan->mmap.workers;
}

START_TEST(a_file_gets_the_engine_that_serves_it)
{
	struct facts facts = cases[_i].facts;
	if (facts.page == 0)
		facts.page = 4096;
	const struct plan plan = plan_choose(&facts, &cases[_i].policy);
	const char *const name = cases[_i].name;

	const struct workers_plan *const workers = workers_of(&plan);
	const struct engine *const named = cases[_i].policy.engine;

	ck_assert_msg(plan_is(&plan, (unsigned) cases[_i].engine), "%s: engine %s", name,
		      plan.engine->name);
	ck_assert_msg((plan.impossible != REASON_NONE) == cases[_i].impossible,
		      "%s: impossible", name);
	ck_assert_msg((plan.why != REASON_NONE) == cases[_i].told, "%s: why: %d", name,
		      plan.why);
	ck_assert_msg(plan.empty == (plan.exact && plan_is(&plan, ENGINE_STREAM)
				     && named != &engines[ENGINE_STREAM]),
		      "%s: empty", name);
	ck_assert_msg(plan.exact == (named != NULL), "%s: exact", name);
	ck_assert_msg(workers->count == cases[_i].workers, "%s: %u workers", name,
		      workers->count);
	ck_assert_msg(workers->chunk == cases[_i].chunk, "%s: chunk %ju", name,
		      (uintmax_t) workers->chunk);
	ck_assert_msg((plan.mmap.write.ways != 0) == cases[_i].writer, "%s: writer",
		      name);
	ck_assert_msg(plan.mmap.workers.count == 0
		      || (plan.mmap.window > 0
			  && plan.mmap.window <= plan.mmap.workers.chunk),
		      "%s: window", name);
}
END_TEST

START_TEST(what_is_written_is_the_source_s_mapping_where_that_may_be)
{
	const struct plan_policy any = { 0 }, never = { .reflink = REFLINK_NEVER };
	const struct plan_policy by_name = { .engine = &engines[ENGINE_STREAM] },
		drop = { .nocache = true };
	struct facts facts = { REGULAR, .size = 8 * MIB, .cpus = 2, .page = 4096,
				    .writes_well = true };

	ck_assert(is_from_mapping(plan_moving(&facts, &any)));
	ck_assert_str_eq(plan_moving(&facts, &any).engine->name,
			 engines[ENGINE_STREAM].name);
	ck_assert(!is_from_mapping(plan_moving(&facts, &by_name)));
	ck_assert(!is_from_mapping(plan_moving(&facts, &drop)));
	facts.cold = true;
	ck_assert(!is_from_mapping(plan_moving(&facts, &any)));
	facts.cold = false;
	facts.size--;
	ck_assert(!is_from_mapping(plan_moving(&facts, &any)));
	facts = (struct facts) { REGULAR, .size = 8 * MIB, .cpus = 2, .page = 4096 };
	ck_assert_str_eq(plan_moving(&facts, &any).engine->name,
			 engines[ENGINE_KERNEL].name);
	ck_assert(is_from_mapping(plan_moving(&facts, &never)));
	facts.in_place = true;
	ck_assert(is_from_mapping(plan_moving(&facts, &any)));
	facts.unfit = REASON_UNTRUSTED;	/* which may copy by itself */
	ck_assert_str_eq(plan_moving(&facts, &any).engine->name,
			 engines[ENGINE_KERNEL].name);
	ck_assert(!is_from_mapping(plan_moving(&facts, &never)));
}
END_TEST

START_TEST(little_data_is_read_and_not_mapped)
{
	const struct plan_policy any = { 0 }, bits = { .chunk_size = 65536 };
	const struct plan_policy by_name = { .engine = &engines[ENGINE_MMAP] };
	const struct plan_policy zeros = { .sparse = SPARSE_ALWAYS };
	const struct facts facts = { REGULAR, .size = 64 * MIB, .cpus = 2,
					 .page = 4096 };

	ck_assert_uint_eq(plan_moving(&facts, &any).mmap.read_below, MIB / 4);
	ck_assert_uint_eq(plan_moving(&facts, &bits).mmap.read_below, 65536);
	ck_assert_uint_eq(plan_moving(&facts, &by_name).mmap.read_below, 0);
	ck_assert_uint_eq(plan_moving(&facts, &zeros).mmap.read_below, 0);
}
END_TEST

START_TEST(a_file_alone_is_mapped_from_half_that_size_on)
{
	const struct plan_policy among = { 0 }, alone = { .alone = true };
	struct facts facts = { REGULAR, .size = 16 * MIB, .cpus = 2, .page = 4096 };

	ck_assert_str_eq(plan_moving(&facts, &alone).engine->name,
			 engines[ENGINE_MMAP].name);
	ck_assert_str_eq(plan_moving(&facts, &among).engine->name,
			 engines[ENGINE_KERNEL].name);
	ck_assert(policy_is_large(16 * MIB, &alone));
	ck_assert(!policy_is_large(16 * MIB, &among));
	facts.size--;
	ck_assert_str_eq(plan_moving(&facts, &alone).engine->name,
			 engines[ENGINE_KERNEL].name);
}
END_TEST

START_TEST(huge_folios_are_for_whole_new_files)
{
	const struct plan_policy any = { 0 }, zeros = { .sparse = SPARSE_ALWAYS };
	const struct plan_policy odd = { .chunk_size = 3 * MIB };
	struct facts facts = { REGULAR, .size = 64 * MIB, .cpus = 2, .page = 4096,
				    .reserves = true, .huge_fault = 2 * MIB };

	ck_assert(plan_moving(&facts, &any).mmap.store.first == WAY_HUGE);
	ck_assert(plan_moving(&facts, &zeros).mmap.store.first != WAY_HUGE);
	ck_assert(plan_moving(&facts, &odd).mmap.store.first != WAY_HUGE);
	facts.huge_fault = 512 * MIB;
	ck_assert(plan_moving(&facts, &any).mmap.store.first != WAY_HUGE);
	facts.huge_fault = 0;
	ck_assert(plan_moving(&facts, &any).mmap.store.first != WAY_HUGE);
	facts.huge_fault = 2 * MIB;
	facts.reserves = false;
	ck_assert(plan_moving(&facts, &any).mmap.store.first != WAY_HUGE);
	facts.reserves = facts.in_place = true;
	ck_assert(plan_moving(&facts, &any).mmap.store.first != WAY_HUGE);
}
END_TEST

START_TEST(pages_are_supplied_where_a_new_file_takes_them)
{
	const struct plan_policy any = { 0 };
	const struct plan_policy by_name = { .engine = &engines[ENGINE_MMAP] };
	const struct plan_policy zeros = { .sparse = SPARSE_ALWAYS };
	struct facts facts = { REGULAR, .size = 64 * MIB, .cpus = 2, .page = 4096,
				    .takes_pages = true };

	ck_assert(plan_moving(&facts, &any).mmap.supply);
	ck_assert(plan_moving(&facts, &by_name).mmap.supply);
	ck_assert(!plan_moving(&facts, &zeros).mmap.supply);
	facts.in_place = true;
	ck_assert(!plan_moving(&facts, &any).mmap.supply);
	facts.in_place = facts.takes_pages = false;
	ck_assert(!plan_moving(&facts, &any).mmap.supply);
}
END_TEST

START_TEST(the_first_reason_is_told)
{
	const struct plan_policy any = { .engine = NULL };
	struct facts facts = { .source_regular = true, .dest_regular = true,
		.size = 8 * MIB, .cpus = 2, .page = 4096, .unfit = REASON_UNTRUSTED };

	ck_assert_int_eq(plan_choose(&facts, &any).why, REASON_SMALL);
	facts.size = 2048 * MIB;
	ck_assert_int_eq(plan_choose(&facts, &any).why, REASON_UNTRUSTED);
	facts.unfit = REASON_NONE;
	ck_assert_int_eq(plan_choose(&facts, &any).why, REASON_WRITE_ONLY);
}
END_TEST

START_TEST(only_a_large_new_file_is_hidden)
{
	const struct plan_policy any = { .engine = NULL };
	const struct plan_policy map = { .engine = &engines[ENGINE_MMAP] };

	ck_assert(!policy_hides(true, 4096, &any));
	ck_assert(!policy_hides(true, MIB / 4 - 1, &any));
	ck_assert(policy_hides(true, MIB / 4, &any));
	ck_assert(!policy_hides(false, 1 * MIB, &any));
	ck_assert(policy_hides(true, 1, &map));
	ck_assert(!policy_hides(true, 0, &map));
}
END_TEST

Suite *
plan_suite(void)
{
	Suite *const suite = suite_create("plan");
	TCase *const tc = tcase_create("choices");

	tcase_add_loop_test(tc, a_file_gets_the_engine_that_serves_it, 0,
			    sizeof cases / sizeof *cases);
	tcase_add_test(tc, what_is_written_is_the_source_s_mapping_where_that_may_be);
	tcase_add_test(tc, little_data_is_read_and_not_mapped);
	tcase_add_test(tc, a_file_alone_is_mapped_from_half_that_size_on);
	tcase_add_test(tc, huge_folios_are_for_whole_new_files);
	tcase_add_test(tc, pages_are_supplied_where_a_new_file_takes_them);
	tcase_add_test(tc, the_first_reason_is_told);
	tcase_add_test(tc, only_a_large_new_file_is_hidden);
	suite_add_tcase(suite, tc);
	return suite;
}
