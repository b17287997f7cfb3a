/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transfer.c: the bytes of one file, by the best engine there is; where that is refused,
   by the next.  */
#include "config.h"

#include "file/transfer.h"

#include <errno.h>

#include "engine/facts.h"
#include "file/amend.h"

/* An engine that was refused for any two files of these file systems need not be tried
   for the next two: in a tree, that is a call for each file.  */
struct refusal {
	dev_t source, dest;
	bool is;
};

static struct refusal refusals[ENGINES];

static bool
refused_before(unsigned row, const struct source *source, dev_t dest)
{
	const struct refusal *const refusal = &refusals[row];

	return refusal->is && dest != 0 && refusal->source == source->st.st_dev
		&& refusal->dest == dest;
}

static void
remember_refusal(unsigned row, const struct source *source, dev_t dest, int err)
{
	if (dest != 0 && (err == EOPNOTSUPP || err == EXDEV || err == ENOTTY
			  || err == ENOSYS))
		refusals[row] = (struct refusal) { source->st.st_dev, dest, true };
}

bool
transfer_is_by_kernel(const struct plan_policy *policy, const struct source *source,
	dev_t device)
{
	const bool unshared = source->st.st_size == 0
		? policy->reflink != REFLINK_ALWAYS : policy->reflink == REFLINK_NEVER
		? facts_is_unshared(source) : policy->reflink == REFLINK_AUTO
		&& refused_before(ENGINE_REFLINK, source, device);

	return unshared && !refused_before(ENGINE_KERNEL, source, device)
		&& policy->engine == NULL && policy->sparse == SPARSE_AUTO
		&& !policy->direct && !policy->nocache
		&& policy->verify == VERIFY_NEVER;
}

/* What --debug says of PLAN's engine, which was refused with ERR.  */
static enum reason
refused(const struct plan *plan, int err)
{
	if (err == ETIME)	/* allocate.c */
		return REASON_SLOW_SPACE;
	return plan_is(plan, ENGINE_KERNEL) ? REASON_KERNEL_REFUSED
		: plan_is(plan, ENGINE_DIRECT) ? REASON_DIRECT_REFUSED
		: plan_is(plan, ENGINE_MMAP) ? REASON_MMAP_REFUSED : REASON_REFUSED;
}

/* Plan how to move bytes.  */
static void
plan_moving(struct transfer *transfer)
{
	struct plan *const plan = transfer->plan;
	const struct facts facts = facts_ask(transfer->policy, transfer->source,
					     transfer->dest, true);

	*plan = plan_choose(&facts, transfer->policy);
	if (plan_is(plan, ENGINE_REFLINK) && !plan->exact)
		plan_fall_back(plan, REASON_REFUSED, 0);
	transfer->amends = transfer->amends && transfer->dest->huge_page == 0;
	if (transfer->amends)
		plan_amend(plan);
}

/* Return whether a clone is worth asking for.  */
static bool
may_clone(const struct plan_policy *policy, const struct source *source, dev_t device)
{
	if (policy->reflink == REFLINK_ALWAYS || policy_names(policy, ENGINE_REFLINK))
		return true;
	return policy->engine == NULL && policy->reflink != REFLINK_NEVER
		&& !refused_before(ENGINE_REFLINK, source, device);
}

/* Plan a clone or, if none is possible, how to move bytes: facts that matter only for
   that are asked only then.  */
static void
plan_first(struct transfer *transfer, dev_t device)
{
	const struct plan_policy *const policy = transfer->policy;
	struct plan *const plan = transfer->plan;

	if (may_clone(policy, transfer->source, device)) {
		const struct facts facts = facts_ask(policy, transfer->source,
						     transfer->dest, false);
		*plan = plan_choose(&facts, policy);
		if (plan_is(plan, ENGINE_REFLINK))
			return;
	}
	plan_moving(transfer);
}

/* Go on to the next engine after one was refused with ERR.  */
static void
go_on(struct transfer *transfer, dev_t device, int err)
{
	struct plan *const plan = transfer->plan;

	if (plan_is(plan, ENGINE_REFLINK)) {
		remember_refusal(ENGINE_REFLINK, transfer->source, device, err);
		plan_moving(transfer);
		return;
	}
	if (plan_is(plan, ENGINE_KERNEL) && transfer->dest->whole == 0)
		remember_refusal(ENGINE_KERNEL, transfer->source, device, err);
	plan_fall_back(plan, refused(plan, err), err == ETIME ? 0 : err);
}

/* Move the bytes by the engine that is planned, after an old file is amended, if it is:
   what a clone doesn't replace.  */
static int
move(struct transfer *transfer, struct error *error)
{
	const struct plan *const plan = transfer->plan;

	if (transfer->amends && !plan_is(plan, ENGINE_REFLINK)) {
		transfer->amends = false;
		if (amend_beginning(transfer, error) < 0)
			return -1;
	}
	return plan->engine->copy(transfer, error);
}

int
transfer_bytes(struct transfer *transfer, dev_t device, struct error *error)
{
	struct plan *const plan = transfer->plan;
	int ret;

	plan_first(transfer, device);
	if (plan->impossible != REASON_NONE)
		return error_set_engine(error, plan->engine->name, plan->impossible, 0);
	if (plan_is(plan, ENGINE_KERNEL) && !plan->exact
	    && refused_before(ENGINE_KERNEL, transfer->source, device))
		plan_fall_back(plan, REASON_NO_KERNEL, 0);
	while ((ret = move(transfer, error)) < 0
	       && error->step == ERROR_REFUSED) {
		if (plan->exact)
			return error_set_engine(error, plan->engine->name, REASON_NONE,
						error->err);
		go_on(transfer, device, error->err);
	}
	if (ret == 0 && plan->empty && counts_moved(transfer->counts) > 0)
		return error_set_engine(error, transfer->policy->engine->name,
					REASON_SIZELESS_CONTENT, 0);
	return ret;
}
