/* SPDX-License-Identifier: GPL-3.0-or-later */
/* policy.c: the file sizes from which options and measured choices take effect.  */
#include "config.h"

#include "engine/policy.h"

#include "engine/far.h"

#define MIB ((uint64_t) 1 << 20)

/* Files of this size and more are mapped by several workers: 16 MiB are 1.24 times as
   fast as by one process, 8 MiB 1.06 times.  In a tree, two files of 16 MiB are faster by
   one worker each (doc/measurements.md#mapping-threshold).  */
#define MAP_MIN_ALONE (16 * MIB)
#define MAP_MIN (32 * MIB)

/* From this size on it matters which way of writing is faster: 16 MiB take 5.6 or
   6.1 ms on ext4, 4 MiB the same either way (doc/measurements.md#one-process).  */
#ifndef WRITE_MIN
# define WRITE_MIN (8 * MIB)
#endif

/* From this size on a new file has no name until it is whole: what is smaller is moved by
   one call, and two calls more would be felt in a tree of small files.  */
#define HIDE_MIN (MIB / 4)

static bool
is_large(uint64_t size, const struct plan_policy *policy)
{
	return size >= (policy->alone ? MAP_MIN_ALONE : MAP_MIN);
}

/* Return whether POLICY names an engine whose workers share any file.  */
static bool
insists_on_workers(const struct plan_policy *policy)
{
	return policy->engine != NULL && policy->engine->shared;
}

bool
policy_may_refuse(const struct plan_policy *policy)
{
	return policy->reflink == REFLINK_ALWAYS
		|| (policy->engine != NULL && !policy_names(policy, ENGINE_STREAM));
}

bool
policy_hides(bool source_regular, off_t size, const struct plan_policy *policy)
{
	return source_regular
		&& (size >= (off_t) HIDE_MIN || policy->verify != VERIFY_NEVER
		    || (insists_on_workers(policy) && size > 0));
}

bool
policy_is_large(off_t size, const struct plan_policy *policy)
{
	return is_large((uint64_t) size, policy) || insists_on_workers(policy);
}

bool
policy_wants_speed(off_t size)
{
	return size >= (off_t) WRITE_MIN;
}

bool
policy_wants_cpus(off_t size, const struct plan_policy *policy)
{
	return (policy->jobs != 1 || far_may_help(size)) && policy_is_large(size, policy);
}
