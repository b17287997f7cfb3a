/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "plans.h"
#include "unit.h"

#define GIB (1024 * MIB)

/* A large file that is in memory, on ext4 or the like, and two processors.  */
#define LARGE REGULAR, .size = GIB, .cpus = 2, .page = 4096
#define EXT4 .reserves = true, .huge_fault = 2 * MIB
#define TMPFS .takes_pages = true, .writes_well = true

enum {
	KERNEL = WAY(WAY_KERNEL), WRITE = WAY(WAY_WRITE), SMALL = WAY(WAY_WRITE_SMALL),
	BUFFER = WAY(WAY_READ_WRITE), HUGE_FOLIOS = WAY(WAY_HUGE),
	GROWING_FOLIOS = WAY(WAY_GROWING),
};

static const struct plan_policy any = { 0 }, one = { .jobs = 1 };

/* What a case is about: the writer beside a mapper, or one process alone.  */
static const struct {
	const char *name;
	struct facts facts;
	struct plan_policy policy;
	unsigned beside;	/* ways of the worker that writes; 0: none writes */
	unsigned alone;		/* ways of the only process; 0: it has no choice */
	enum way first;		/* of both */
} writing[] = {
	{ "new", { LARGE, EXT4 }, { 0 }, KERNEL | WRITE | SMALL, KERNEL | WRITE | SMALL,
	  WAY_KERNEL },
	{ "in place", { LARGE, EXT4, .in_place = true }, { 0 }, KERNEL | WRITE,
	  KERNEL | WRITE, WAY_WRITE },
	{ "tmpfs", { LARGE, TMPFS }, { 0 }, KERNEL | WRITE, KERNEL | WRITE, WAY_WRITE },
	{ "--reflink=never", { LARGE, EXT4 }, { .reflink = REFLINK_NEVER },
	  WRITE | SMALL, WRITE | SMALL, WAY_WRITE },
	{ "--reflink=never, in place", { LARGE, EXT4, .in_place = true },
	  { .reflink = REFLINK_NEVER }, WRITE, WRITE, WAY_WRITE },
	{ "--reflink=never, where nothing is shared",
	  { LARGE, EXT4, .unshared = true }, { .reflink = REFLINK_NEVER },
	  KERNEL | WRITE | SMALL, KERNEL | WRITE | SMALL, WAY_KERNEL },
	{ "not in memory", { LARGE, EXT4, .cold = true }, { 0 }, BUFFER, BUFFER,
	  WAY_READ_WRITE },
	{ "a rate limit", { LARGE, EXT4, .limited = true }, { 0 }, KERNEL, 0,
	  WAY_KERNEL },
	{ "--nocache", { LARGE, EXT4 }, { .nocache = true }, KERNEL, 0, WAY_KERNEL },
	{ "--nocache, in place", { LARGE, EXT4, .in_place = true }, { .nocache = true },
	  BUFFER, BUFFER, WAY_READ_WRITE },
	{ "--sparse=always", { LARGE, EXT4 }, { .sparse = SPARSE_ALWAYS }, 0, BUFFER,
	  WAY_READ_WRITE },
	{ "--engine=mmap", { LARGE, EXT4 }, { .engine = &engines[ENGINE_MMAP] }, 0, 0,
	  WAY_KERNEL },
	{ "on a network", { LARGE, .unfit = REASON_UNTRUSTED }, { 0 }, 0, 0,
	  WAY_KERNEL },
};

/* Return whether a trial of WAYS is more than one way, that is timed.  */
static bool
is_tried(struct trial_plan ways)
{
	return (ways.ways & (ways.ways - 1)) != 0 && ways.window != 0;
}

START_TEST(only_what_serves_is_tried)
{
	const char *const name = writing[_i].name;
	struct plan_policy policy = writing[_i].policy;
	const struct trial_plan beside
		= plan_moving(&writing[_i].facts, &policy).mmap.write;

	ck_assert_msg(beside.ways == writing[_i].beside, "%s: ways %x beside", name,
		      beside.ways);
	ck_assert_msg(beside.ways == 0 || beside.first == writing[_i].first,
		      "%s: first %u beside", name, beside.first);
	if (policy.engine != NULL)
		return;
	policy.jobs = 1;
	const struct trial_plan alone
		= plan_moving(&writing[_i].facts, &policy).stream.write;
	ck_assert_msg(alone.ways == writing[_i].alone, "%s: ways %x alone", name,
		      alone.ways);
	ck_assert_msg(alone.ways == 0 || alone.first == writing[_i].first,
		      "%s: first %u alone", name, alone.first);
	ck_assert_msg(alone.ways == 0 || (alone.ways & WAY(alone.first)) != 0,
		      "%s: the first is one of them", name);
	ck_assert_msg(is_tried(alone) == ((alone.ways & (alone.ways - 1)) != 0),
		      "%s: window %ju", name, (uintmax_t) alone.window);
}
END_TEST

START_TEST(other_folios_are_tried_when_huge_ones_are_slow)
{
	struct facts facts = { LARGE, EXT4 };
	const struct plan_policy by_name = { .engine = &engines[ENGINE_MMAP] };

	for (unsigned i = 0; i < 2; i++) {
		const struct plan plan = plan_moving(&facts, i == 0 ? &any : &by_name);
		ck_assert_uint_eq(plan.mmap.store.ways, HUGE_FOLIOS | GROWING_FOLIOS);
		ck_assert_int_eq(plan.mmap.store.first, WAY_HUGE);
		ck_assert(plan.mmap.store.later);
	}
	/* What isn't to have any has its speed measured.  */
	facts.in_place = true;
	ck_assert_uint_eq(plan_moving(&facts, &any).mmap.store.ways, GROWING_FOLIOS);
	ck_assert_uint_ne(plan_moving(&facts, &any).mmap.store.window, 0);
	facts = (struct facts) { LARGE, TMPFS };
	ck_assert_uint_eq(plan_moving(&facts, &any).mmap.store.ways, GROWING_FOLIOS);
	facts = (struct facts) { LARGE, EXT4, .cold = true };
	ck_assert(!is_tried(plan_moving(&facts, &any).mmap.store));
	facts = (struct facts) { LARGE, EXT4, .holes = true };
	ck_assert(!is_tried(plan_moving(&facts, &any).mmap.store));
}
END_TEST

/* A window is part of a chunk, or it would never be timed; and part of what is to be
   moved, so that it costs little.  */
START_TEST(windows_are_small_and_within_a_chunk)
{
	for (off_t size = 16 * MIB; size <= (off_t) 1 << 50; size += size / 3) {
		const struct facts facts = { REGULAR, .size = size, .cpus = 2,
			.page = 4096, EXT4 };
		const struct mmap_plan mmap = plan_moving(&facts, &any).mmap;
		const struct trial_plan alone = plan_moving(&facts, &one).stream.write;
		const uint64_t share = (uint64_t) size / 2;

		if (mmap.workers.count != 0) {
			ck_assert_uint_le(mmap.write.window, mmap.workers.chunk);
			ck_assert_uint_le(mmap.store.window, mmap.workers.chunk);
		}
		if (is_tried(mmap.write))
			ck_assert_uint_le(mmap.write.window, share / 64);
		if (is_tried(mmap.store))
			ck_assert_uint_eq(mmap.store.window % facts.huge_fault, 0);
		if (is_tried(alone))
			ck_assert_uint_le(alone.window, (uint64_t) size / 64);
	}
}
END_TEST

START_TEST(a_small_file_has_no_trial)
{
	const struct facts byte = { REGULAR, .size = 1, .cpus = 2, .page = 4096, EXT4 };
	struct facts facts = { LARGE, EXT4 };
	off_t least = 0;

	ck_assert_uint_eq(plan_moving(&byte, &one).stream.write.ways, 0);
	ck_assert_str_eq(plan_moving(&byte, &one).engine->name,
			 engines[ENGINE_KERNEL].name);
	/* There is one size from which on there is a trial.  */
	for (off_t size = 64 * 1024; size <= GIB; size += 64 * 1024) {
		facts.size = size;
		const struct plan plan = plan_moving(&facts, &one);
		const bool tried = is_tried(plan.stream.write);
		ck_assert(tried == plan_is(&plan, ENGINE_STREAM));
		if (tried && least == 0)
			least = size;
		ck_assert(tried == (least != 0));
	}
	ck_assert_int_ne(least, 0);
}
END_TEST

/* ---- a source that isn't in memory ---- */

static struct workers_plan
cold_workers(off_t size, unsigned cpus, uint64_t memory, unsigned jobs)
{
	const struct facts facts = { REGULAR, .size = size, .cpus = cpus, .page = 4096,
		EXT4, .cold = true, .memory = memory };
	const struct plan_policy policy = { .jobs = jobs };

	return plan_moving(&facts, &policy).mmap.workers;
}

START_TEST(a_device_is_read_by_several_streams)
{
	ck_assert_uint_eq(cold_workers(GIB, 2, 0, 0).count, 4);
	ck_assert(cold_workers(GIB, 2, 0, 0).streams);
	ck_assert_uint_eq(cold_workers(GIB, 8, 0, 0).count, 8);
	/* As many as the user says.  */
	ck_assert_uint_eq(cold_workers(GIB, 2, 0, 2).count, 2);
	ck_assert(cold_workers(GIB, 2, 0, 2).streams);
	ck_assert_uint_eq(cold_workers(GIB, 2, 0, 7).count, 7);
	/* Each needs memory.  */
	ck_assert_uint_eq(cold_workers(GIB, 2, 256 * MIB, 0).count, 4);
	ck_assert_uint_eq(cold_workers(GIB, 2, 200 * MIB, 0).count, 3);
	ck_assert_uint_eq(cold_workers(GIB, 2, 128 * MIB, 0).count, 2);
	ck_assert_uint_eq(cold_workers(GIB, 2, 128 * MIB - 1, 0).count, 0);
	ck_assert_uint_eq(cold_workers(GIB, 2, 32 * MIB, 0).count, 0);
	ck_assert_uint_eq(cold_workers(GIB, 2, 32 * MIB, 3).count, 3);
	/* One processor reads in order.  */
	ck_assert(!cold_workers(GIB, 1, 0, 0).streams);
}
END_TEST

START_TEST(streams_have_equal_stretches)
{
	for (off_t size = 64 * MIB; size <= (off_t) 1 << 40; size += size / 7) {
		const struct workers_plan plan = cold_workers(size, 2, 0, 0);
		const uint64_t chunks = ((uint64_t) size + plan.chunk - 1) / plan.chunk;

		ck_assert_uint_eq(plan.count, 4);
		ck_assert_uint_eq(plan.chunk % (4 * MIB), 0);
		ck_assert_uint_ge(plan.chunk, 16 * MIB);
		ck_assert_uint_le(plan.chunk, 256 * MIB);
		/* They end together: as many for each, up to the rest of rounding.  */
		ck_assert_msg(chunks % 4 == 0 || chunks * 4 * MIB > (uint64_t) size / 64,
			      "%ju bytes: %ju stretches", (uintmax_t) size,
			      (uintmax_t) chunks);
	}
	ck_assert_uint_eq(cold_workers(64 * MIB, 2, 0, 0).chunk, 16 * MIB);
	ck_assert_uint_eq(GIB % (4 * cold_workers(GIB, 2, 0, 0).chunk), 0);
}
END_TEST

START_TEST(no_streams_where_nothing_is_read_from_a_device)
{
	const struct plan_policy drop = { .nocache = true };
	const struct plan_policy by_name = { .engine = &engines[ENGINE_MMAP] };
	struct facts facts = { LARGE, EXT4 };

	ck_assert(!plan_moving(&facts, &any).mmap.workers.streams);
	facts.cold = true;
	ck_assert(plan_moving(&facts, &any).mmap.workers.streams);
	ck_assert(!plan_moving(&facts, &drop).mmap.workers.streams);
	ck_assert(plan_moving(&facts, &by_name).mmap.workers.streams);
	facts.unfit = REASON_ROTATES;
	ck_assert_uint_eq(plan_moving(&facts, &any).mmap.workers.count, 0);
}
END_TEST

Suite *
parts_suite(void)
{
	Suite *const suite = suite_create("parts");
	TCase *const tc = tcase_create("ways and workers");

	tcase_add_loop_test(tc, only_what_serves_is_tried, 0,
			    sizeof writing / sizeof *writing);
	tcase_add_test(tc, other_folios_are_tried_when_huge_ones_are_slow);
	tcase_add_test(tc, windows_are_small_and_within_a_chunk);
	tcase_add_test(tc, a_small_file_has_no_trial);
	tcase_add_test(tc, a_device_is_read_by_several_streams);
	tcase_add_test(tc, streams_have_equal_stretches);
	tcase_add_test(tc, no_streams_where_nothing_is_read_from_a_device);
	suite_add_tcase(suite, tc);
	return suite;
}
