/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cpus.c: the processors that we may use, which are often fewer than there are.
   nproc(1) doesn't look at quotas, and a container with a quota of two processors on
   a machine of 64 would have 64 workers take turns.  */
#include "config.h"

#include "base/cpus.h"

#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <unistd.h>

#include "base/cgroup.h"
#include "base/sysfs.h"

/* Return the quota of the cgroup in directory DIR, in processors.  */
static uint64_t
quota_of(const char *dir)
{
	long long quota = 0;
	long long period = 0;
	long long unused;

	if (sysfs_read_numbers(dir, "cpu.max", &quota, &period) < 2
	    && (sysfs_read_numbers(dir, "cpu.cfs_quota_us", &quota, &unused) < 1
		|| sysfs_read_numbers(dir, "cpu.cfs_period_us", &period, &unused) < 1))
		return CGROUP_UNLIMITED;
	if (quota <= 0 || period <= 0)
		return CGROUP_UNLIMITED;
	return (uint64_t) quota / (uint64_t) period + (quota % period != 0);
}

unsigned
cpus_quota(const char *list, const char *root)
{
	const uint64_t least = cgroup_least(list, root, "cpu", quota_of);

	return least <= UINT_MAX ? (unsigned) least : 0;
}

/* Processors in the affinity mask, however many the kernel knows.  */
static unsigned
affinity(void)
{
	for (int room = 1024; room <= 1 << 20; room *= 2) {
		cpu_set_t *const set = CPU_ALLOC((size_t) room);
		if (set == NULL)
			break;
		const size_t size = CPU_ALLOC_SIZE((size_t) room);
		const int ret = sched_getaffinity(0, size, set);
		const int count = ret == 0 ? CPU_COUNT_S(size, set) : 0;
		CPU_FREE(set);
		if (count > 0)
			return (unsigned) count;
	}
	const long online = sysconf(_SC_NPROCESSORS_ONLN);
	return online > 0 ? (unsigned) online : 1;
}

static unsigned most;		/* this process's part of the machine; 0: all */

void
cpus_share(unsigned ranks)
{
	const long online = sysconf(_SC_NPROCESSORS_ONLN);

	most = online > (long) ranks ? (unsigned) online / ranks : 1;
}

unsigned
cpus_usable(void)
{
	const unsigned cpus = affinity();
	const unsigned quota = cpus > 1
		? cpus_quota(CGROUP_LIST, CGROUP_ROOT) : 0;
	const unsigned all = quota != 0 && quota < cpus ? quota : cpus;

	return most != 0 && most < all ? most : all;
}
