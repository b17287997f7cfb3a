/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/counts.h"
#include "engine/plan.h"

#include <assert.h>
#include <signal.h>

#include "unit.h"

#define MIB ((off_t) 1 << 20)

/* A case is the facts that differ from a readable regular file onto a new one, what was
   asked for, and what has to come of it.  */
static const struct {
	const char *name;
	struct plan_facts facts;
	struct plan_policy policy;
	enum method method;
	unsigned workers;
	uint64_t chunk;
	int writer;
	int told;		/* plan.why is given */
	int impossible;
} cases[] = {
#define REGULAR .source_regular = true, .dest_regular = true, .dest_readable = true
	{ "empty", { REGULAR, .size = 0, .cpus = 2 }, { 0 }, METHOD_STREAM, 0, 0, 0, 1,
	 0 },
	{ "a byte", { REGULAR, .size = 1, .cpus = 2 }, { 0 }, METHOD_CLONE, 0, 0, 0, 1,
	 0 },
	{ "below mapping", { REGULAR, .size = 32 * MIB - 1, .cpus = 2 }, { 0 },
	  METHOD_CLONE, 0, 0, 0, 1, 0 },
	{ "large", { REGULAR, .size = 2048 * MIB, .cpus = 2 }, { 0 },
	  METHOD_CLONE, 2, 4 * MIB, 1, 0, 0 },
	{ "large, in place", { REGULAR, .size = 2048 * MIB, .cpus = 2, .in_place = true },
	 { 0 },
	  METHOD_CLONE, 2, 4 * MIB, 1, 0, 0 },
	{ "large, in place, more workers",
	  { REGULAR, .size = 2048 * MIB, .cpus = 4, .in_place = true }, { 0 },
	  METHOD_CLONE, 4, 4 * MIB, 1, 0, 0 },
	{ "large, one processor", { REGULAR, .size = 2048 * MIB, .cpus = 1 }, { 0 },
	  METHOD_CLONE, 1, 4 * MIB, 0, 1, 0 },
	{ "large, -j1", { REGULAR, .size = 2048 * MIB, .cpus = 8 }, { .jobs = 1 },
	  METHOD_CLONE, 1, 4 * MIB, 0, 1, 0 },
	{ "no more workers than chunks", { REGULAR, .size = 100 * MIB, .cpus = 64 },
	 { 0 },
	  METHOD_CLONE, 25, 4 * MIB, 1, 0, 0 },
	{ "no more workers than there is room for",
	  { REGULAR, .size = (off_t) 1 << 50, .cpus = 4 }, { .jobs = 1000000 },
	  METHOD_CLONE, WORKERS_MAX, 4 * MIB, 1, 0, 0 },
	{ "a chunk is whole pages", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .chunk_size = 5000 }, METHOD_CLONE, 2, 8192, 1, 0, 0 },
	{ "a chunk is no larger than the file", { REGULAR, .size = 5000, .cpus = 2 },
	  { .engine = ENGINE_MMAP, .chunk_size = INT64_MAX },
	  METHOD_MAP, 1, 8192, 0, 0, 0 },
	{ "a pipe", { .dest_regular = true, .dest_readable = true, .cpus = 2 }, { 0 },
	  METHOD_STREAM, 0, 0, 0, 1, 0 },
	{ "onto a device", { .source_regular = true, .size = 2048 * MIB, .cpus = 2 },
	 { 0 },
	  METHOD_STREAM, 0, 0, 0, 1, 0 },
	{ "write-only destination",
	  { .source_regular = true, .dest_regular = true, .size = 2048 * MIB, .cpus = 2 },
	  { 0 },
	  METHOD_CLONE, 0, 0, 0, 1, 0 },
	{ "into hugetlbfs",
	 { REGULAR, .size = 1, .cpus = 2, .page = 2 * MIB, .only_mapped = true }, { 0 },
	  METHOD_MAP, 1, 2 * MIB, 0, 0, 0 },
	{ "large pages", { REGULAR, .size = 2048 * MIB, .cpus = 2, .page = 65536 },
	  { .chunk_size = 5000 }, METHOD_CLONE, 2, 65536, 1, 0, 0 },
	{ "mmap by name", { REGULAR, .size = 1, .cpus = 2 }, { .engine = ENGINE_MMAP },
	  METHOD_MAP, 1, 4096, 0, 0, 0 },
	{ "mmap by name, large", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .engine = ENGINE_MMAP }, METHOD_MAP, 2, 4 * MIB, 0, 0, 0 },
	{ "mmap by name, empty", { REGULAR, .size = 0, .cpus = 2 },
	 { .engine = ENGINE_MMAP },
	  METHOD_STREAM, 0, 0, 0, 0, 0 },
	{ "mmap by name, a pipe", { .dest_regular = true, .dest_readable = true },
	  { .engine = ENGINE_MMAP }, METHOD_MAP, 0, 0, 0, 0, 1 },
	{ "mmap by name, write-only",
	  { .source_regular = true, .dest_regular = true, .size = 1 },
	  { .engine = ENGINE_MMAP }, METHOD_MAP, 0, 0, 0, 0, 1 },
	{ "mmap by name, where errors may be lost",
	  { REGULAR, .size = 2048 * MIB, .cpus = 2, .unsafe = true, .unfit = "unsafe" },
	  { .engine = ENGINE_MMAP }, METHOD_MAP, 0, 0, 0, 0, 1 },
	{ "kernel by name, where errors of mappings may be lost",
	  { REGULAR, .size = 2048 * MIB, .cpus = 2, .unsafe = true, .unfit = "unsafe" },
	  { .engine = ENGINE_KERNEL }, METHOD_KERNEL, 0, 0, 0, 0, 0 },
	{ "--direct, where errors of mappings may be lost",
	  { REGULAR, .size = 2048 * MIB, .cpus = 1, .unsafe = true, .unfit = "unsafe" },
	  { .direct = true }, METHOD_CLONE, 1, 16 * MIB, 0, 0, 0 },
	{ "kernel by name, onto a device", { .source_regular = true, .size = 1 },
	  { .engine = ENGINE_KERNEL }, METHOD_KERNEL, 0, 0, 0, 0, 1 },
	{ "--reflink=never", { REGULAR, .size = 1, .cpus = 2 },
	 { .reflink = REFLINK_NEVER },
	  METHOD_STREAM, 0, 0, 0, 1, 0 },
	{ "--reflink=never, where nothing is shared",
	  { REGULAR, .size = 1, .cpus = 2, .unshared = true },
	  { .reflink = REFLINK_NEVER },
	  METHOD_KERNEL, 0, 0, 0, 1, 0 },
	{ "--reflink=never, --sparse=never, where nothing is shared",
	  { REGULAR, .size = 1, .cpus = 2, .unshared = true },
	  { .reflink = REFLINK_NEVER, .sparse = SPARSE_NEVER }, METHOD_STREAM, 0, 0, 0, 1,
	  0 },
	{ "--reflink=never, large", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .reflink = REFLINK_NEVER }, METHOD_MAP, 2, 4 * MIB, 1, 0, 0 },
	{ "shunned by the file system",
	  { REGULAR, .size = 2048 * MIB, .cpus = 2, .unfit = "no gain" }, { 0 },
	  METHOD_CLONE, 0, 0, 0, 1, 0 },
	{ "--direct", { REGULAR, .size = 2048 * MIB, .cpus = 1, .unfit = "no gain" },
	  { .direct = true }, METHOD_CLONE, 1, 16 * MIB, 0, 0, 0 },
	{ "not in memory", { REGULAR, .size = 2048 * MIB, .cpus = 2, .cold = true },
	 { 0 },
	  METHOD_CLONE, 2, 16 * MIB, 1, 0, 0 },
	{ "--nocache with large chunks", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .nocache = true, .chunk_size = 64 * MIB },
	  METHOD_CLONE, 2, 16 * MIB, 1, 0, 0 },
	{ "--reflink=always, a pipe", { .dest_regular = true, .cpus = 2 },
	  { .reflink = REFLINK_ALWAYS }, METHOD_CLONE, 0, 0, 0, 0, 0 },
	{ "--sparse=never", { REGULAR, .size = 1, .cpus = 2 }, { .sparse = SPARSE_NEVER },
	  METHOD_STREAM, 0, 0, 0, 1, 0 },
	{ "--sparse=always", { REGULAR, .size = 1, .cpus = 2 },
	 { .sparse = SPARSE_ALWAYS },
	  METHOD_CLONE, 0, 0, 0, 1, 0 },
	{ "--sparse=always, large", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .sparse = SPARSE_ALWAYS }, METHOD_CLONE, 2, 4 * MIB, 0, 0, 0 },
	{ "kernel by name", { REGULAR, .size = 2048 * MIB, .cpus = 2 },
	  { .engine = ENGINE_KERNEL }, METHOD_KERNEL, 0, 0, 0, 0, 0 },
	{ "stream by name, a pipe", { .dest_regular = true }, { .engine = ENGINE_STREAM },
	  METHOD_STREAM, 0, 0, 0, 0, 0 },
};

START_TEST(a_file_goes_the_way_that_serves_it)
{
	struct plan_facts facts = cases[_i].facts;
	if (facts.page == 0)
		facts.page = 4096;
	const struct plan plan = plan_choose(&facts, &cases[_i].policy);
	const char *const name = cases[_i].name;

	ck_assert_msg(plan.method == cases[_i].method, "%s: method %s", name,
		      plan_method_name(plan.method));
	ck_assert_msg((plan.impossible != NULL) == cases[_i].impossible, "%s: impossible",
		      name);
	ck_assert_msg((plan.why != NULL) == cases[_i].told, "%s: why: %s", name,
		      plan.why != NULL ? plan.why : "untold");
	ck_assert_msg(plan.empty == (plan.exact && plan.method == METHOD_STREAM
				     && cases[_i].policy.engine != ENGINE_STREAM),
		      "%s: empty", name);
	ck_assert_msg(plan.exact == (cases[_i].policy.engine != ENGINE_AUTO), "%s: exact",
		      name);
	ck_assert_msg(plan.workers == cases[_i].workers, "%s: %u workers", name,
		      plan.workers);
	ck_assert_msg(plan.chunk == cases[_i].chunk, "%s: chunk %ju", name,
		      (uintmax_t) plan.chunk);
	ck_assert_msg(plan.writer == cases[_i].writer, "%s: writer", name);
	ck_assert_msg(plan.workers == 0 || (plan.window > 0 && plan.window <= plan.chunk),
		      "%s: window", name);
}
END_TEST

/* What is planned for FACTS where there are no clones to be had.  */
static struct plan
plan_moving(const struct plan_facts *facts, const struct plan_policy *policy)
{
	struct plan plan = plan_choose(facts, policy);

	if (plan.method == METHOD_CLONE)
		plan_fall_back(&plan, "no clones here");
	return plan;
}

START_TEST(what_is_written_is_the_source_s_mapping_where_that_may_be)
{
	const struct plan_policy any = { 0 }, never = { .reflink = REFLINK_NEVER };
	const struct plan_policy by_name = { .engine = ENGINE_STREAM },
		drop = { .nocache = true };
	struct plan_facts facts = { REGULAR, .size = 8 * MIB, .cpus = 2, .page = 4096,
				    .writes_well = true };

	ck_assert(plan_moving(&facts, &any).lent);
	ck_assert_int_eq(plan_moving(&facts, &any).method, METHOD_STREAM);
	ck_assert(!plan_moving(&facts, &by_name).lent);
	ck_assert(!plan_moving(&facts, &drop).lent);
	facts.cold = true;
	ck_assert(!plan_moving(&facts, &any).lent);
	facts.cold = false;
	facts.size--;
	ck_assert(!plan_moving(&facts, &any).lent);
	facts = (struct plan_facts) { REGULAR, .size = 8 * MIB, .cpus = 2, .page = 4096 };
	ck_assert_int_eq(plan_moving(&facts, &any).method, METHOD_KERNEL);
	ck_assert(plan_moving(&facts, &never).lent);
	facts.in_place = true;
	ck_assert(plan_moving(&facts, &any).lent);
	facts.unfit = "on a server";	/* which may copy by itself */
	ck_assert_int_eq(plan_moving(&facts, &any).method, METHOD_KERNEL);
	ck_assert(!plan_moving(&facts, &never).lent);
}
END_TEST

START_TEST(little_data_is_read_and_not_mapped)
{
	const struct plan_policy any = { 0 }, bits = { .chunk_size = 65536 };
	const struct plan_policy by_name = { .engine = ENGINE_MMAP };
	const struct plan_policy zeros = { .sparse = SPARSE_ALWAYS };
	const struct plan_facts facts = { REGULAR, .size = 64 * MIB, .cpus = 2,
					 .page = 4096 };

	ck_assert_uint_eq(plan_moving(&facts, &any).read_below, MIB / 4);
	ck_assert_uint_eq(plan_moving(&facts, &bits).read_below, 65536);
	ck_assert_uint_eq(plan_moving(&facts, &by_name).read_below, 0);
	ck_assert_uint_eq(plan_moving(&facts, &zeros).read_below, 0);
}
END_TEST

START_TEST(a_hole_that_is_to_be_filled_is_not_mapped)
{
	const struct plan_policy any = { 0 }, filled = { .sparse = SPARSE_NEVER };
	const struct plan_policy by_name = { .sparse = SPARSE_NEVER,
					    .engine = ENGINE_MMAP };
	struct plan_facts facts = { REGULAR, .size = 64 * MIB, .cpus = 2, .page = 4096,
				    .takes_pages = true, .holes = true };

	ck_assert_uint_eq(plan_moving(&facts, &filled).read_below, UINT64_MAX);
	ck_assert_uint_eq(plan_moving(&facts, &by_name).read_below, UINT64_MAX);
	ck_assert(!plan_moving(&facts, &filled).supply);
	ck_assert_uint_eq(plan_moving(&facts, &any).read_below, MIB / 4);
	ck_assert(plan_moving(&facts, &any).supply);
	facts.holes = false;
	ck_assert_uint_eq(plan_moving(&facts, &filled).read_below, MIB / 4);
}
END_TEST

START_TEST(short_data_between_holes_is_not_mapped)
{
	const struct plan_policy any = { 0 }, filled = { .sparse = SPARSE_NEVER };
	const struct plan_policy by_name = { .engine = ENGINE_MMAP };
	const struct plan_policy zeros = { .sparse = SPARSE_ALWAYS };
	struct plan_facts facts = { REGULAR, .size = 64 * MIB, .cpus = 2, .page = 4096,
				    .holes = true };

	ck_assert_uint_eq(plan_moving(&facts, &any).write_below, MIB / 4);
	ck_assert_uint_eq(plan_moving(&facts, &filled).write_below, 0);
	ck_assert_uint_eq(plan_moving(&facts, &zeros).write_below, 0);
	ck_assert_uint_eq(plan_moving(&facts, &by_name).write_below, 0);
	facts.takes_pages = true;
	ck_assert_uint_eq(plan_moving(&facts, &any).write_below, 0);
	facts.takes_pages = facts.holes = false;
	ck_assert_uint_eq(plan_moving(&facts, &any).write_below, 0);
}
END_TEST

START_TEST(a_file_alone_is_mapped_from_half_that_size_on)
{
	const struct plan_policy among = { 0 }, alone = { .alone = true };
	struct plan_facts facts = { REGULAR, .size = 16 * MIB, .cpus = 2, .page = 4096 };

	ck_assert_uint_eq(plan_moving(&facts, &alone).method, METHOD_MAP);
	ck_assert_uint_eq(plan_moving(&facts, &among).method, METHOD_KERNEL);
	ck_assert(plan_is_large(16 * MIB, &alone) && !plan_is_large(16 * MIB, &among));
	facts.size--;
	ck_assert_uint_eq(plan_moving(&facts, &alone).method, METHOD_KERNEL);
}
END_TEST

START_TEST(huge_folios_are_for_whole_new_files)
{
	const struct plan_policy any = { 0 }, zeros = { .sparse = SPARSE_ALWAYS };
	const struct plan_policy odd = { .chunk_size = 3 * MIB };
	struct plan_facts facts = { REGULAR, .size = 64 * MIB, .cpus = 2, .page = 4096,
				    .reserves = true, .huge_fault = 2 * MIB };

	ck_assert(plan_moving(&facts, &any).huge);
	ck_assert(!plan_moving(&facts, &zeros).huge);
	ck_assert(!plan_moving(&facts, &odd).huge);
	facts.huge_fault = 512 * MIB;
	ck_assert(!plan_moving(&facts, &any).huge);
	facts.huge_fault = 0;
	ck_assert(!plan_moving(&facts, &any).huge);
	facts.huge_fault = 2 * MIB;
	facts.reserves = false;
	ck_assert(!plan_moving(&facts, &any).huge);
	facts.reserves = facts.in_place = true;
	ck_assert(!plan_moving(&facts, &any).huge);
}
END_TEST

START_TEST(pages_are_supplied_where_a_new_file_takes_them)
{
	const struct plan_policy any = { 0 }, by_name = { .engine = ENGINE_MMAP };
	const struct plan_policy zeros = { .sparse = SPARSE_ALWAYS };
	struct plan_facts facts = { REGULAR, .size = 64 * MIB, .cpus = 2, .page = 4096,
				    .takes_pages = true };

	ck_assert(plan_moving(&facts, &any).supply);
	ck_assert(!plan_moving(&facts, &by_name).supply);
	ck_assert(!plan_moving(&facts, &zeros).supply);
	facts.in_place = true;
	ck_assert(!plan_moving(&facts, &any).supply);
	facts.in_place = facts.takes_pages = false;
	ck_assert(!plan_moving(&facts, &any).supply);
}
END_TEST

START_TEST(the_first_reason_is_told)
{
	const struct plan_policy any = { .engine = ENGINE_AUTO };
	struct plan_facts facts = { .source_regular = true, .dest_regular = true,
		.size = 8 * MIB, .cpus = 2, .page = 4096, .unfit = "unsafe" };

	ck_assert_str_eq(plan_choose(&facts, &any).why, "too small for a mapping to pay");
	facts.size = 2048 * MIB;
	ck_assert_str_eq(plan_choose(&facts, &any).why, "unsafe");
	facts.unfit = NULL;
	ck_assert_str_eq(plan_choose(&facts, &any).why,
			 "the destination can be written but not read");
}
END_TEST

START_TEST(every_refusal_has_a_next_way)
{
	const struct plan_facts large = { REGULAR, .size = 2048 * MIB, .cpus = 2,
					 .page = 4096 };
	const struct plan_facts small = { REGULAR, .size = 1, .cpus = 2, .page = 4096 };
	const struct plan_policy any = { .engine = ENGINE_AUTO };
	struct plan plan = plan_choose(&large, &any);

	plan_fall_back(&plan, "no clones here");
	ck_assert_int_eq(plan.method, METHOD_MAP);
	ck_assert_ptr_null(plan.why);
	plan_fall_back(&plan, "no mappings here");
	ck_assert_int_eq(plan.method, METHOD_KERNEL);
	ck_assert_str_eq(plan.why, "no mappings here");
	plan_fall_back(&plan, "no copy_file_range here");
	ck_assert_int_eq(plan.method, METHOD_STREAM);
	plan = plan_choose(&small, &any);
	plan_fall_back(&plan, "no clones here");
	ck_assert_int_eq(plan.method, METHOD_KERNEL);
}
END_TEST

/* Whether PLAN, for no mapping, has anything of what is done to one.  */
static bool
maps_nothing(const struct plan *plan)
{
	return !plan->writer && !plan->lent && !plan->huge && !plan->supply;
}

START_TEST(what_goes_past_the_page_cache_is_not_mapped)
{
	const struct plan_policy direct = { .direct = true };
	const struct plan_policy copied = { .direct = true, .reflink = REFLINK_NEVER };
	const struct plan_policy filled = { .direct = true, .sparse = SPARSE_NEVER };
	const struct plan_policy *const policies[] = { &direct, &copied, &filled };

	for (unsigned i = 0; i < 64; i++) {
		const struct plan_facts facts = {
			REGULAR, .size = 64 * MIB, .page = 4096, .cpus = 1 + i % 2,
			.writes_well = (i & 2) != 0, .in_place = (i & 4) != 0,
			.takes_pages = (i & 8) != 0, .holes = (i & 16) != 0,
			.reserves = (i & 32) != 0, .huge_fault = 2 * MIB,
		};
		for (unsigned j = 0; j < 3; j++) {
			const struct plan plan = plan_moving(&facts, policies[j]);
			ck_assert(plan.direct && plan.method == METHOD_MAP);
			ck_assert_msg(maps_nothing(&plan), "facts %u, policy %u", i, j);
		}
	}
}
END_TEST

START_TEST(a_refused_way_leaves_the_next_one_nothing)
{
	const struct plan_policy any = { .reflink = REFLINK_NEVER };
	const struct plan_policy direct = { .direct = true, .reflink = REFLINK_NEVER };
	const struct plan_facts facts = {
		REGULAR, .size = 64 * MIB, .cpus = 2, .page = 4096, .writes_well = true,
		.holes = true, .takes_pages = true, .reserves = true,
		.huge_fault = 2 * MIB,
	};
	const struct plan_policy *const policies[] = { &any, &direct };

	for (unsigned i = 0; i < 2; i++) {
		struct plan plan = plan_choose(&facts, policies[i]);
		ck_assert_int_eq(plan.method, METHOD_MAP);
		plan_fall_back(&plan, "refused");
		ck_assert_int_eq(plan.method, METHOD_STREAM);
		ck_assert(maps_nothing(&plan));
		ck_assert(!plan.direct && !plan.reserve);
		ck_assert_uint_eq(plan.workers, 0);
		ck_assert_uint_eq(plan.chunk + plan.window + plan.write_below, 0);
	}
}
END_TEST

START_TEST(only_a_large_new_file_is_hidden)
{
	const struct plan_policy any = { .engine = ENGINE_AUTO };
	const struct plan_policy map = { .engine = ENGINE_MMAP };

	ck_assert(!plan_hides(true, 4096, &any));
	ck_assert(!plan_hides(true, MIB / 4 - 1, &any));
	ck_assert(plan_hides(true, MIB / 4, &any));
	ck_assert(!plan_hides(false, 1 * MIB, &any));
	ck_assert(plan_hides(true, 1, &map));
	ck_assert(!plan_hides(true, 0, &map));
}
END_TEST

START_TEST(a_way_that_shares_or_keeps_holes_is_left_out)
{
	const struct plan_facts facts = { REGULAR, .size = 1, .cpus = 2, .page = 4096 };
	const struct plan_policy always = { .sparse = SPARSE_ALWAYS };
	const struct plan_policy both = { .reflink = REFLINK_ALWAYS };

	struct plan plan = plan_choose(&facts, &always);
	ck_assert_int_eq(plan.method, METHOD_CLONE);
	plan_fall_back(&plan, "refused");
	ck_assert_int_eq(plan.method, METHOD_STREAM);
	ck_assert(plan.clone_refused);
	plan = plan_choose(&facts, &both);
	ck_assert(plan.must_clone);
}
END_TEST

START_TEST(holes_that_nobody_can_find_are_looked_for_as_zeros)
{
	const struct plan_facts facts = { REGULAR, .size = 1 * MIB, .page = 4096,
					 .cpus = 1,
					  .holes = true, .hidden_holes = true };
	struct plan_policy policy = { .sparse = SPARSE_AUTO };
	struct plan plan = plan_choose(&facts, &policy);

	plan_fall_back(&plan, "no clone");
	ck_assert_int_eq(plan.method, METHOD_STREAM);
	ck_assert_int_eq(plan.sparse, SPARSE_ALWAYS);
	policy.sparse = SPARSE_NEVER;
	ck_assert_int_eq(plan_choose(&facts, &policy).sparse, SPARSE_NEVER);
}
END_TEST

START_TEST(what_has_all_its_blocks_keeps_them)
{
	struct plan_facts facts = { REGULAR, .size = 1 * MIB, .page = 4096, .cpus = 1,
				    .complete = true };
	struct plan_policy policy = { .sparse = SPARSE_AUTO };

	ck_assert_int_eq(plan_choose(&facts, &policy).holes, HOLES_READ);
	facts.filled = true;
	ck_assert_int_eq(plan_choose(&facts, &policy).holes, HOLES_FILLED);
	policy.sparse = SPARSE_NEVER;
	ck_assert_int_eq(plan_choose(&facts, &policy).holes, HOLES_READ);
	policy.sparse = SPARSE_ALWAYS;
	ck_assert_int_eq(plan_choose(&facts, &policy).holes, HOLES_KEPT);
	policy.sparse = SPARSE_AUTO;
	facts.complete = false;
	ck_assert_int_eq(plan_choose(&facts, &policy).holes, HOLES_KEPT);
}
END_TEST

static const enum method engine_methods[] = {
	[ENGINE_MMAP] = METHOD_MAP, [ENGINE_KERNEL] = METHOD_KERNEL,
		[ENGINE_STREAM] = METHOD_STREAM,
};
static_assert(sizeof engine_methods / sizeof *engine_methods == ENGINES, "a method each");

START_TEST(an_engine_by_name_is_that_one)
{
	const struct plan_facts facts = { REGULAR, .size = 2048 * MIB, .cpus = 2,
					 .page = 4096 };
	const struct plan plan = plan_choose(&facts, &(struct plan_policy) {
		.engine = (enum engine) _i });

	ck_assert_int_eq(plan.method, engine_methods[_i]);
	ck_assert(plan.exact);
}
END_TEST

START_TEST(a_word_without_an_engine_copies_nothing)
{
	const struct plan_facts facts = { REGULAR, .size = 2048 * MIB, .cpus = 2,
					 .page = 4096 };

	plan_choose(&facts, &(struct plan_policy) { .engine = ENGINES });
}
END_TEST

Suite *
plan_suite(void)
{
	Suite *const suite = suite_create("plan");
	TCase *const tc = tcase_create("choices");

	tcase_add_loop_test(tc, a_file_goes_the_way_that_serves_it, 0,
			    sizeof cases / sizeof *cases);
	tcase_add_test(tc, what_is_written_is_the_source_s_mapping_where_that_may_be);
	tcase_add_test(tc, holes_that_nobody_can_find_are_looked_for_as_zeros);
	tcase_add_test(tc, little_data_is_read_and_not_mapped);
	tcase_add_test(tc, a_hole_that_is_to_be_filled_is_not_mapped);
	tcase_add_test(tc, what_has_all_its_blocks_keeps_them);
	tcase_add_test(tc, short_data_between_holes_is_not_mapped);
	tcase_add_test(tc, a_file_alone_is_mapped_from_half_that_size_on);
	tcase_add_test(tc, huge_folios_are_for_whole_new_files);
	tcase_add_test(tc, pages_are_supplied_where_a_new_file_takes_them);
	tcase_add_test(tc, the_first_reason_is_told);
	tcase_add_test(tc, every_refusal_has_a_next_way);
	tcase_add_loop_test(tc, an_engine_by_name_is_that_one, ENGINE_AUTO + 1, ENGINES);
	tcase_add_test_raise_signal(tc, a_word_without_an_engine_copies_nothing, SIGABRT);
	tcase_add_test(tc, what_goes_past_the_page_cache_is_not_mapped);
	tcase_add_test(tc, a_refused_way_leaves_the_next_one_nothing);
	tcase_add_test(tc, a_way_that_shares_or_keeps_holes_is_left_out);
	tcase_add_test(tc, only_a_large_new_file_is_hidden);
	suite_add_tcase(suite, tc);
	return suite;
}
