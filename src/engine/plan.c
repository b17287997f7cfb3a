/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.c: choose the engine of a file, and the sizes that it works with.  */
#include "config.h"

#include "engine/plan.h"

#include "base/counts.h"
#include "engine/facts.h"

#define MIB ((uint64_t) 1 << 20)

/* What a worker claims at a time.  It is small, so that workers end together: 32 MiB are
   1.58 times as fast by two as by one, with chunks of 16 MiB 1.38 times.  Larger chunks
   keep a device busy (doc/measurements.md#chunk-size).  */
#define CHUNK (4 * MIB)
#define CHUNK_OF_DEVICE (16 * MIB)

/* What a worker populates and copies at a time.  A page that was just cleared is still in
   the processor's cache when it is copied to: 2.02 times cp, with 1 MiB 1.77
   (doc/measurements.md#window-size).  */
#define WINDOW (MIB / 4)

/* Data of fewer bytes than this is read, not mapped: page tables would be made
   and freed for each place.  10 000 places take 0.52 s, mapped 0.60
   (doc/measurements.md#sparse-files).  */
#define SOURCE_MAP_MIN WINDOW	/* or a window, if that is smaller */

/* Between holes, such data isn't mapped at the destination either: each page would
   need a page fault, since a larger folio would fill the hole.  All workers write it, in
   turn, and no blocks are reserved: 10 000 places on XFS are 3.47 times as fast as by
   cp, mapped 2.06.  Not on tmpfs, where pages are supplied
   (doc/measurements.md#short-data).  */

/* Let PLAN try the engine of the row ENGINE_x, in the order of the table.  */
static void
offer(struct plan *plan, unsigned row)
{
	plan->next |= 1u << row;
}

/* Go on to the first engine that was offered; the table has them in order.  */
static void
go_on(struct plan *plan)
{
	unsigned row = 0;

	while (row < ENGINE_STREAM && (plan->next & 1u << row) == 0)
		row++;
	plan->next &= ~(1u << row);
	plan->engine = &engines[row];
}

/* ---- the parts ---- */

static uint64_t
chunk_size(const struct facts *facts, const struct plan_policy *policy)
{
	const uint64_t unit = facts->page;
	const bool waits = facts->cold || policy->nocache || policy->direct
		|| policy_names(policy, ENGINE_DIRECT);
	uint64_t chunk = policy->chunk_size != 0 ? policy->chunk_size
		: waits ? CHUNK_OF_DEVICE : CHUNK;

	if (policy->nocache && chunk > CHUNK_OF_DEVICE)	/* what is dropped at a time */
		chunk = CHUNK_OF_DEVICE;
	if (chunk > (uint64_t) facts->size)
		chunk = (uint64_t) facts->size;
	return (chunk + unit - 1) / unit * unit;
}

static struct workers_plan
workers_for(const struct plan *plan, const struct facts *facts,
	const struct plan_policy *policy)
{
	const uint64_t chunk = chunk_size(facts, policy);
	const uint64_t chunks = ((uint64_t) facts->size + chunk - 1) / chunk;
	uint64_t workers = policy->jobs != 0 ? policy->jobs : facts->cpus;

	if (workers > WORKERS_MAX)
		workers = WORKERS_MAX;
	return (struct workers_plan) {
		.count = (unsigned) (workers < chunks ? workers : chunks),
		.chunk = chunk,
		.reserve = facts->reserves && !plan->sparse.zeros,
	};
}

/* Return the plan of any mapped copy.  */
static struct mmap_plan
mmap_for(const struct plan *plan, const struct facts *facts,
	const struct plan_policy *policy)
{
	const struct workers_plan workers = workers_for(plan, facts, policy);

	return (struct mmap_plan) {
		.workers = workers,
		.window = workers.chunk < WINDOW ? workers.chunk : WINDOW,
		/* A hole that is read through a mapping becomes pages of the source
		   (tmpfs).  */
		.read_below = plan->sparse.filled ? UINT64_MAX : 0,
		/* A folio of 2 MiB costs one page fault and one lookup, and holds
		   nothing of another worker's chunk: 1.27 times as fast as with
		   read-ahead (doc/measurements.md#huge-folios).  */
		.huge = workers.reserve && !facts->in_place && facts->huge_fault != 0
			&& workers.chunk % facts->huge_fault == 0,
	};
}

/* Add to the mapped copy what makes it faster, where the engine wasn't named.  Its writer
   reads and writes (READ_WRITE), maybe FROM_MAPPING, or has the kernel copy.  */
static void
speed_up_mapping(struct plan *plan, const struct facts *facts, bool read_write,
	bool from_mapping)
{
	struct mmap_plan *const mmap = &plan->mmap;

	if (plan->sparse.zeros)
		return;
	/* A write holds the inode's lock, which mappers don't need, so one worker of
	   several writes.  */
	mmap->writer = read_write ? WRITER_READ_WRITE : WRITER_KERNEL;
	mmap->from_mapping = from_mapping;
	if (mmap->read_below == 0)
		mmap->read_below = mmap->window;
	/* A writer and a mapper whose pages are supplied are 2.02 times as fast as cp,
	   and 1.54 times by memcpy (doc/measurements.md#tmpfs-pages).  */
	mmap->supply = facts->takes_pages && !facts->in_place && !plan->sparse.filled;
	if (plan->sparse.expected && !facts->takes_pages)
		mmap->write_below = mmap->read_below;
}

/* ---- the choice ---- */

/* Return what every plan for POLICY has.  */
static struct plan
plan_begin(const struct plan_policy *policy, const struct facts *facts)
{
	const struct sparse_plan sparse = sparse_decide(policy->sparse, facts);

	return (struct plan) {
		.engine = &engines[ENGINE_STREAM],
		.sparse = sparse,
		.cold = facts->cold,
		.nocache = policy->nocache,
		.no_kernel = !sparse.by_kernel
			|| (policy->reflink == REFLINK_NEVER && !facts->unshared),
	};
}

/* Plan for the engine that POLICY names, and no other.  */
static void
plan_named(struct plan *plan, const struct facts *facts, const struct plan_policy *policy)
{
	const struct engine *const engine = policy->engine;
	const bool to_end = policy_names(policy, ENGINE_STREAM)
		|| policy_names(policy, ENGINE_HUGETLB);

	plan->exact = true;
	/* Any engine can copy nothing.  Stream reads to the end, so what has content all
	   the same is noticed.  */
	plan->empty = !to_end && facts->source_regular && facts->dest_regular
		&& facts->size == 0;
	if (plan->empty)
		return;
	plan->engine = engine;
	plan->impossible = engine->why_not(facts);
	if (plan->impossible != REASON_NONE)
		return;
	if (plan_is(plan, ENGINE_MMAP))
		plan->mmap = mmap_for(plan, facts, policy);
	else if (plan_is(plan, ENGINE_DIRECT))
		plan->direct.workers = workers_for(plan, facts, policy);
}

/* Return why one process copies the file better than workers; REASON_NONE if it doesn't.
   mmap_why_not is last: the destination is opened for reading only where it may be mapped
   (deststate.h: maps).  */
static enum reason
better_alone(const struct facts *facts, const struct plan_policy *policy)
{
	if (!policy_is_large(facts->size, policy))
		return REASON_SMALL;
	if (policy->direct)
		return direct_why_not(facts);
	return facts->unfit != REASON_NONE ? facts->unfit : mmap_why_not(facts);
}

/* Offer the engine whose workers share the file, if that pays.  */
static void
offer_workers(struct plan *plan, const struct facts *facts,
	const struct plan_policy *policy)
{
	plan->why = better_alone(facts, policy);
	if (plan->why != REASON_NONE)
		return;
	if (policy->direct) {
		plan->direct.workers = workers_for(plan, facts, policy);
		offer(plan, ENGINE_DIRECT);
		return;
	}
	plan->mmap = mmap_for(plan, facts, policy);
	if (plan->mmap.workers.count > 1)
		offer(plan, ENGINE_MMAP);
	else
		plan->why = REASON_ONE_WORKER;
}

/* Offer the engines that are fit for the file.  */
static void
plan_auto(struct plan *plan, const struct facts *facts, const struct plan_policy *policy)
{
	const bool fast = facts->unfit == REASON_NONE && policy_wants_speed(facts->size);

	plan->why = kernel_why_not(facts);
	if (plan->why != REASON_NONE)
		return;
	if (facts->only_mapped) {	/* It can't be written otherwise.  */
		plan->mmap = mmap_for(plan, facts, policy);
		offer(plan, ENGINE_MMAP);
	} else {
		offer_workers(plan, facts, policy);
	}
	/* An existing file has its pages, and copy_file_range looks up each of them: 2
	   GiB on tmpfs take 0.49 s, written 0.38.  A server may copy by itself, and is
	   asked to (doc/measurements.md#existing-files).  */
	const bool read_write = plan->no_kernel || facts->writes_well
		|| (!facts->only_mapped && facts->in_place && fast);
	/* The kernel writes from the source's pages themselves, which are copied once
	   and not twice: 2 GiB take 0.54 s and not 0.66
	   (doc/measurements.md#one-process).  */
	const bool from_mapping = read_write && fast && !facts->only_mapped
		&& !plan->cold && !plan->nocache && !plan->sparse.zeros;
	if (!read_write)
		offer(plan, ENGINE_KERNEL);
	if (!facts->only_mapped && plan->next & 1u << ENGINE_MMAP)
		speed_up_mapping(plan, facts, read_write, from_mapping);
	else if (!(plan->next & 1u << ENGINE_DIRECT))
		plan->stream = (struct stream_plan) {
			.from_mapping = from_mapping,
			.read_below = plan->sparse.filled ? UINT64_MAX
				: plan->mmap.window != 0 ? plan->mmap.window
				: SOURCE_MAP_MIN,
		};
	if (policy->reflink != REFLINK_NEVER && plan->sparse.by_clone
	    && !facts->only_mapped)
		offer(plan, ENGINE_REFLINK);
}

struct plan
plan_choose(const struct facts *facts, const struct plan_policy *policy)
{
	struct plan plan = plan_begin(policy, facts);

	if (policy->reflink == REFLINK_ALWAYS) {
		plan.engine = &engines[ENGINE_REFLINK];
		plan.reflink.must = true;
	} else if (policy->engine != NULL) {
		plan_named(&plan, facts, policy);
	} else {
		plan_auto(&plan, facts, policy);
		go_on(&plan);
	}
	return plan;
}

void
plan_fall_back(struct plan *plan, enum reason why, int err)
{
	/* --debug doesn't give it as a reason that blocks can't be shared.  */
	if (plan_is(plan, ENGINE_REFLINK)) {
		plan->clone_refused = true;
	} else {
		plan->why = why;
		plan->why_err = err;
	}
	if (plan_is(plan, ENGINE_KERNEL))
		plan->kernel_refused = true;
	else if (plan_is(plan, ENGINE_DIRECT))
		plan->direct = (struct direct_plan) { .workers = { 0 } };
	else if (plan_is(plan, ENGINE_MMAP))
		plan->mmap = (struct mmap_plan) { .workers = { 0 } };
	go_on(plan);
}
