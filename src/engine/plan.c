/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.c: which way a file goes.  All thresholds are here, each with its reason.  */
#include "config.h"

#include "engine/plan.h"

#include <assert.h>
#include <stdlib.h>

#include "base/counts.h"

#define MIB ((uint64_t) 1 << 20)

/* Files of this size and more are mapped by several workers: 16 MiB are 1.24 times as
   fast as by one process, 8 MiB 1.06 times.  In a tree, two files of 16 MiB are faster by
   one worker each (doc/measurements.md#mapping-threshold).  */
#define MAP_MIN_ALONE (16 * MIB)
#define MAP_MIN (32 * MIB)

/* From this size on it matters how a file system likes to be written: 16 MiB take 5.6 or
   6.1 ms on ext4, 4 MiB the same in all ways (doc/measurements.md#one-process).  */
#define WRITE_MIN (8 * MIB)

/* What a worker claims at a time: so little that two workers end together.  32 MiB are
   1.58 times as fast as by one, with chunks of 16 MiB 1.38.  A device is kept busy by
   more (doc/measurements.md#chunk-size).  */
#define CHUNK (4 * MIB)
#define CHUNK_OF_DEVICE (16 * MIB)

/* What a worker populates and copies at a time.  A page that was just cleared is still in
   the processor's cache when it is copied to: 2.02 times cp, with 1 MiB 1.77
   (doc/measurements.md#window-size).  */
#define WINDOW (MIB / 4)

/* Data of fewer bytes than this is read, not mapped: a mapping has its page tables made
   and thrown away for each place.  10 000 places take 0.52 s, mapped 0.60
   (doc/measurements.md#sparse-files).  */
#define SOURCE_MAP_MIN WINDOW	/* or a window, if that is smaller */

/* Between holes, such data isn't mapped at the destination either: each page would be a
   page fault of its own, as a larger folio would fill the hole.  All workers write it, in
   turn, and no blocks are reserved: 10 000 places on XFS are 3.47 times as fast as by
   cp, mapped 2.06.  Not on tmpfs, where pages are supplied
   (doc/measurements.md#short-data).  */

/* From this size on a new file has no name until it is whole: what is smaller is moved by
   one call, and two calls more would be felt in a tree of small files.  */
#define HIDE_MIN (MIB / 4)

static const char *const method_names[] = {
	[METHOD_CLONE] = "clone", [METHOD_MAP] = "mmap",
	[METHOD_KERNEL] = "kernel", [METHOD_STREAM] = "stream",
};
static_assert(sizeof method_names / sizeof *method_names == METHODS, "a name each");

static const char *const engine_names[] = {
	[ENGINE_AUTO] = "auto", [ENGINE_MMAP] = "mmap",
	[ENGINE_KERNEL] = "kernel", [ENGINE_STREAM] = "stream",
};
static_assert(sizeof engine_names / sizeof *engine_names == ENGINES, "a name each");

/* Why a file can't be copied through mappings; NULL if it can.  */
static const char *
unmappable(const struct plan_facts *facts)
{
	if (!facts->source_regular)
		return "the source is not a regular file";
	if (!facts->dest_regular)
		return "the destination is not a regular file";
	if (facts->size == 0)
		return "the source has no size";
	if (!facts->dest_readable)
		return "the destination can be written but not read";
	return NULL;
}

static bool
is_large(uint64_t size, const struct plan_policy *policy)
{
	return size >= (policy->alone ? MAP_MIN_ALONE : MAP_MIN);
}

/* Why not to map a file that nobody asked to be mapped; NULL if it is worth it.  What
   is not to be mapped need not be readable (dest.h: maps), so that is looked at last.  */
static const char *
better_unmapped(const struct plan_facts *facts, const struct plan_policy *policy)
{
	if (!is_large((uint64_t) facts->size, policy))
		return "too small for a mapping to pay";
	if (facts->unfit != NULL && !policy->direct)
		return facts->unfit;
	return unmappable(facts);
}

/* Why copy_file_range can't serve; NULL if it can.  */
static const char *
not_for_kernel(const struct plan_facts *facts)
{
	if (!facts->source_regular || !facts->dest_regular || facts->size == 0)
		return unmappable(facts);
	return NULL;
}

static uint64_t
chunk_size(const struct plan_facts *facts, const struct plan_policy *policy)
{
	const uint64_t unit = facts->page;
	const bool waits = facts->cold || policy->nocache || policy->direct;
	uint64_t chunk = policy->chunk_size != 0 ? policy->chunk_size
		: waits ? CHUNK_OF_DEVICE : CHUNK;

	if (policy->nocache && chunk > CHUNK_OF_DEVICE)	/* what is dropped at a time */
		chunk = CHUNK_OF_DEVICE;
	if (chunk > (uint64_t) facts->size)
		chunk = (uint64_t) facts->size;
	return (chunk + unit - 1) / unit * unit;
}

static void
plan_workers(struct plan *plan, const struct plan_facts *facts,
	const struct plan_policy *policy)
{
	plan->chunk = chunk_size(facts, policy);
	plan->window = plan->chunk < WINDOW ? plan->chunk : WINDOW;
	const uint64_t chunks = ((uint64_t) facts->size + plan->chunk - 1) / plan->chunk;
	uint64_t workers = policy->jobs != 0 ? policy->jobs : facts->cpus;
	if (workers > WORKERS_MAX)
		workers = WORKERS_MAX;
	plan->workers = (unsigned) (workers < chunks ? workers : chunks);
	/* What is found to be zeros is not to have blocks.  */
	plan->reserve = facts->reserves && plan->sparse != SPARSE_ALWAYS;
	/* One page fault and one lookup for all of it, and nothing is cleared that
	   another worker's chunk has: read ahead, up to 8 MiB were, as the device has
	   it (6.18, times MADV_SEQUENTIAL: 2 GiB ext4 1.27, xfs 1.28; 64 MiB 1.23,
	   1.40, and on a disk with much read-ahead 1.46).  */
	plan->huge = plan->reserve && !facts->in_place && facts->huge_fault != 0
		&& plan->chunk % facts->huge_fault == 0;
}

/* What becomes of holes.  A file that has all its blocks keeps them, as with cp: they
   were reserved by somebody who will want them (disk images, downloads).  */
static enum holes
holes_for(enum sparse sparse, const struct plan_facts *facts)
{
	if (sparse == SPARSE_NEVER)
		return HOLES_READ;
	if (sparse == SPARSE_ALWAYS || !facts->complete)
		return HOLES_KEPT;
	return facts->filled ? HOLES_FILLED : HOLES_READ;
}

/* What every plan for POLICY has.  */
static struct plan
plan_begin(const struct plan_policy *policy, const struct plan_facts *facts)
{
	const enum sparse sparse = facts->only_mapped ? SPARSE_AUTO
		: policy->sparse == SPARSE_AUTO && facts->hidden_holes ? SPARSE_ALWAYS
		: policy->sparse;
	const bool no_kernel = sparse != SPARSE_AUTO
		|| (policy->reflink == REFLINK_NEVER && !facts->unshared);

	return (struct plan) {
		.method = METHOD_STREAM,
		.sparse = sparse,
		.holes = holes_for(sparse, facts),
		/* A hole that is read through a mapping becomes pages of the source
		   (tmpfs).  */
		.read_below = sparse == SPARSE_NEVER && facts->holes ? UINT64_MAX : 0,
		.cold = facts->cold,
		.nocache = policy->nocache,
		.no_kernel = no_kernel,
		.by_hand = no_kernel || facts->writes_well,
	};
}

/* Have PLAN do nothing that takes a mapping.  */
static void
map_nothing(struct plan *plan)
{
	plan->writer = plan->lent = plan->huge = plan->supply = false;
}

/* Whether to ask for a clone first.  */
static bool
may_clone(const struct plan_policy *policy)
{
	return policy->reflink != REFLINK_NEVER && policy->sparse != SPARSE_NEVER;
}

/* The way that plan_choose has left word of in PLAN, where blocks can't be shared.  */
static enum method
without_clone(const struct plan *plan)
{
	if (plan->why == NULL)
		return METHOD_MAP;
	return plan->by_hand ? METHOD_STREAM : METHOD_KERNEL;
}

/* What ENGINE, which is not AUTO, insists on.  */
static enum method
method_of(enum engine engine)
{
	switch (engine) {
	case ENGINE_MMAP:
		return METHOD_MAP;
	case ENGINE_KERNEL:
		return METHOD_KERNEL;
	case ENGINE_STREAM:
		return METHOD_STREAM;
	case ENGINE_AUTO:
	case ENGINES:
		break;
	}
	abort();		/* A word without an engine copies nothing.  */
}

static struct plan
plan_named(const struct plan_facts *facts, const struct plan_policy *policy)
{
	struct plan plan = plan_begin(policy, facts);

	plan.exact = true;
	const enum method method = method_of(policy->engine);
	if (method == METHOD_STREAM)
		return plan;
	/* Any engine can copy nothing; whoever reads to the end hears if it was
	   nothing.  */
	plan.empty = facts->source_regular && facts->dest_regular && facts->size == 0;
	if (plan.empty)
		return plan;
	plan.method = method;
	plan.impossible = plan.method == METHOD_MAP ? unmappable(facts)
		: not_for_kernel(facts);
	if (plan.method == METHOD_MAP && facts->source_regular && facts->dest_regular
	    && facts->unsafe)
		plan.impossible = "the destination's file system may not report errors of mappings";
	if (plan.method == METHOD_MAP && plan.impossible == NULL)
		plan_workers(&plan, facts, policy);
	return plan;
}

struct plan
plan_choose(const struct plan_facts *facts, const struct plan_policy *policy)
{
	struct plan plan = plan_begin(policy, facts);

	if (policy->reflink == REFLINK_ALWAYS) {
		plan.method = METHOD_CLONE;
		plan.must_clone = true;
		return plan;
	}
	if (policy->engine != ENGINE_AUTO)
		return plan_named(facts, policy);
	plan.why = not_for_kernel(facts);
	if (plan.why != NULL)
		return plan;
	if (facts->only_mapped) {	/* There is no other way in than a mapping.  */
		plan.method = METHOD_MAP;
		plan_workers(&plan, facts, policy);
		return plan;
	}
	plan.why = better_unmapped(facts, policy);
	if (plan.why == NULL) {
		plan_workers(&plan, facts, policy);
		plan.direct = policy->direct;
		if (plan.workers == 1 && !plan.direct)
			plan.why = "one worker alone is faster without a mapping of both";
	}
	/* A write holds the inode's lock, which mappers don't need; so one worker of
	   several goes that way.  */
	plan.writer = plan.workers > 1 && plan.sparse != SPARSE_ALWAYS;
	/* The pages are there, and copy_file_range looks up each of them (tmpfs, 2 GiB,
	   warm, 6.18: 0.38 s and not 0.49).  A server may copy by itself, and is asked
	   to.  */
	if (facts->in_place && facts->unfit == NULL && plan_wants_speed(facts->size))
		plan.by_hand = true;
	/* The kernel writes from the source's pages themselves, which are copied once
	   and not twice: 2 GiB, ext4, 6.18: 0.54 s and not 0.66; 16 MiB 4.6 ms and not
	   5.9.  */
	plan.lent = plan.by_hand && plan_wants_speed(facts->size) && facts->unfit == NULL
		&& !plan.cold && !plan.nocache && plan.sparse != SPARSE_ALWAYS;
	if (plan.sparse != SPARSE_ALWAYS && plan.read_below == 0)
		plan.read_below = plan.window != 0 ? plan.window : SOURCE_MAP_MIN;
	/* 1 GiB, 6.18, times cp: a writer and a mapper 2.02, and by memcpy 1.54; one
	   mapper alone 1.08, and 0.78.  */
	plan.supply = facts->takes_pages && !facts->in_place
		&& plan.sparse != SPARSE_ALWAYS
		&& plan.read_below != UINT64_MAX;
	if (facts->holes && plan.sparse == SPARSE_AUTO && !facts->takes_pages)
		plan.write_below = plan.read_below;
	if (plan.direct)
		map_nothing(&plan);
	plan.method = may_clone(policy) ? METHOD_CLONE : without_clone(&plan);
	return plan;
}

/* What was planned for METHOD_MAP is nothing to the next method.  */
static void
forget_workers(struct plan *plan)
{
	map_nothing(plan);
	plan->direct = plan->reserve = false;
	plan->workers = 0;
	plan->chunk = plan->window = plan->write_below = 0;
}

void
plan_fall_back(struct plan *plan, const char *why)
{
	switch (plan->method) {
	case METHOD_CLONE:
		/* A clone that can't be had is nothing to tell.  */
		plan->clone_refused = true;
		plan->method = without_clone(plan);
		return;
	case METHOD_MAP:
		forget_workers(plan);
		plan->method = plan->by_hand ? METHOD_STREAM : METHOD_KERNEL;
		break;
	case METHOD_KERNEL:
		plan->kernel_refused = true;
		plan->method = METHOD_STREAM;
		break;
	case METHOD_STREAM:
	case METHODS:
		plan->method = METHOD_STREAM;
		break;
	}
	plan->why = why;
	plan->why_err = 0;
}

bool
plan_hides(bool source_regular, off_t size, const struct plan_policy *policy)
{
	return source_regular
		&& (size >= (off_t) HIDE_MIN
		    || (policy->engine == ENGINE_MMAP && size > 0));
}

bool
plan_is_large(off_t size, const struct plan_policy *policy)
{
	return is_large((uint64_t) size, policy) || policy->engine == ENGINE_MMAP;
}

bool
plan_wants_speed(off_t size)
{
	return size >= (off_t) WRITE_MIN;
}

bool
plan_wants_cpus(off_t size, const struct plan_policy *policy)
{
	return policy->jobs == 0 && plan_is_large(size, policy);
}

const char *
plan_method_name(enum method method)
{
	return method_names[method];
}

const char *
plan_engine_name(enum engine engine)
{
	return engine_names[engine];
}
