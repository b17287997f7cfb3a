/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.c: choose the engine of a file.  parts.c has the sizes that it works with.  */
#include "config.h"

#include "engine/plan.h"

#include "base/counts.h"
#include "engine/facts.h"
#include "engine/far.h"

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

/* Return whether it matters how one process writes the file, and it may choose.  */
static bool
has_choice(const struct facts *facts)
{
	return facts->unfit == REASON_NONE && policy_wants_speed(facts->size)
		&& !facts->only_mapped;
}

/* Return what the parts of PLAN depend on.  */
static struct basis
basis_of(const struct plan *plan, const struct facts *facts,
	const struct plan_policy *policy)
{
	return (struct basis) {
		.facts = facts, .policy = policy, .sparse = &plan->sparse,
		.no_kernel = plan->no_kernel,
		/* An existing file has its pages, and copy_file_range looks up each of
		   them: 2 GiB on tmpfs take 0.49 s, written 0.38.  What comes from a
		   device is read in long steps.  A server may copy by itself, and is
		   asked to (doc/measurements.md#existing-files).  */
		.read_write = plan->no_kernel || facts->writes_well
			|| (has_choice(facts) && (facts->in_place || facts->cold)),
	};
}

/* Plan for the engine that POLICY names, and no other.  */
static void
plan_named(struct plan *plan, const struct basis *basis)
{
	const struct facts *const facts = basis->facts;
	const struct plan_policy *const policy = basis->policy;
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
		plan->mmap = parts_mmap(basis);
	else if (plan_is(plan, ENGINE_DIRECT))
		plan->direct.workers = parts_workers(basis);
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
	if (facts->unfit != REASON_NONE)
		return facts->unfit;
	if (facts->cold && parts_lack_memory(facts, policy))
		return REASON_MEMORY;
	return mmap_why_not(facts);
}

/* Offer the engine whose workers share the file, if that pays.  */
static void
offer_workers(struct plan *plan, const struct basis *basis)
{
	plan->why = better_alone(basis->facts, basis->policy);
	if (plan->why != REASON_NONE)
		return;
	if (basis->policy->direct) {
		plan->direct.workers = parts_workers(basis);
		offer(plan, ENGINE_DIRECT);
		return;
	}
	plan->mmap = parts_mmap(basis);
	if (plan->mmap.workers.count > 1 || far_may_help(basis->facts->size))
		offer(plan, ENGINE_MMAP);
	else
		plan->why = REASON_ONE_WORKER;
}

/* Return whether the source is hashed on its way, and so goes through a buffer.  */
static bool
is_hashed(const struct basis *basis)
{
	const struct plan_policy *const policy = basis->policy;

	return (policy->verify != VERIFY_NEVER || policy->journal) && !policy->direct
		&& !basis->facts->only_mapped;
}

/* Offer the engines that move bytes, of which stream needs no offer.  */
static void
offer_movers(struct plan *plan, const struct basis *basis)
{
	const struct facts *const facts = basis->facts;

	if (is_hashed(basis)) {
		plan->why = REASON_HASHED;
		plan->stream.workers = parts_hashing(basis);
		return;
	}
	if (facts->only_mapped) {	/* It can't be written otherwise.  */
		plan->mmap = parts_mmap(basis);
		offer(plan, ENGINE_MMAP);
	} else {
		offer_workers(plan, basis);
	}
	if (!facts->only_mapped && plan->next & 1u << ENGINE_MMAP)
		parts_speed_up(&plan->mmap, basis);
	if (!(plan->next & 1u << ENGINE_DIRECT))
		plan->stream = parts_stream(basis, &plan->mmap, has_choice(facts));
	if (far_may_help(facts->size) && !(plan->next & 1u << ENGINE_MMAP)
	    && !basis->sparse->zeros) {
		plan->stream.workers = parts_workers(basis);
		plan->stream.by_kernel = true;
		return;
	}
	if (!basis->read_write && (plan->stream.write.ways & ~WAY(WAY_KERNEL)) == 0) {
		plan->stream.write.ways = 0;	/* There is nothing to choose from.  */
		offer(plan, ENGINE_KERNEL);
	}
}

/* Offer the engines that are fit for the file.  */
static void
plan_auto(struct plan *plan, const struct basis *basis)
{
	const struct facts *const facts = basis->facts;

	plan->why = kernel_why_not(facts);
	if (plan->why != REASON_NONE)
		return;
	offer_movers(plan, basis);
	if (basis->policy->reflink != REFLINK_NEVER && plan->sparse.by_clone
	    && !facts->only_mapped)
		offer(plan, ENGINE_REFLINK);
}

struct plan
plan_choose(const struct facts *facts, const struct plan_policy *policy)
{
	struct plan plan = plan_begin(policy, facts);
	const struct basis basis = basis_of(&plan, facts, policy);

	if (policy->reflink == REFLINK_ALWAYS) {
		plan.engine = &engines[ENGINE_REFLINK];
		plan.reflink.must = true;
	} else if (policy->engine != NULL) {
		plan_named(&plan, &basis);
	} else {
		plan_auto(&plan, &basis);
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

void
plan_amend(struct plan *plan)
{
	plan->engine = &engines[ENGINE_STREAM];
	plan->next = 0;
	plan->why = REASON_AMENDS;
	plan->direct = (struct direct_plan) { .workers = { 0 } };
	plan->mmap = (struct mmap_plan) { .workers = { 0 } };
	plan->stream.workers = (struct workers_plan) { .count = 0 };
}
