/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TESTS_ENGINE_PLANS_H
#define MMCP_TESTS_ENGINE_PLANS_H

#include "engine/facts.h"
#include "engine/plan.h"

/* What tests of plans share.  */

#define MIB ((off_t) 1 << 20)

/* The facts about a readable regular file onto a new one.  */
#define REGULAR .source_regular = true, .dest_regular = true, .dest_readable = true

/* What is planned for FACTS where there are no clones to be had.  */
static inline struct plan
plan_moving(const struct facts *facts, const struct plan_policy *policy)
{
	struct plan plan = plan_choose(facts, policy);

	if (plan_is(&plan, ENGINE_REFLINK))
		plan_fall_back(&plan, REASON_REFUSED, 0);
	return plan;
}

/* Whether what is written by PLAN is the source's mapping.  */
static inline bool
is_from_mapping(struct plan plan)
{
	return ((plan.mmap.write.ways | plan.stream.write.ways) & WAY(WAY_WRITE)) != 0;
}

#endif
