/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cpus.c: the processors that we may use, which are often fewer than there are.
   nproc(1) doesn't look at quotas, and a container with a quota of two processors on
   a machine of 64 would have 64 workers take turns.  */
#include "config.h"

#include "base/cpus.h"

#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sysfs.h"

/* Read the two numbers at the start of file DIR/NAME.  Return how many were read.  */
static int
read_numbers(const char *dir, const char *name, long long *first, long long *second)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof path, "%s/%s", dir, name) >= (int) sizeof path ? 0
		: sysfs_read_numbers(path, first, second);
}

/* Return the quota of the cgroup in directory DIR, in processors; 0 for none.  */
static unsigned
quota_of(const char *dir)
{
	long long quota = 0;
	long long period = 0;
	long long unused;

	if (read_numbers(dir, "cpu.max", &quota, &period) < 2
	    && (read_numbers(dir, "cpu.cfs_quota_us", &quota, &unused) < 1
		|| read_numbers(dir, "cpu.cfs_period_us", &period, &unused) < 1))
		return 0;
	if (quota <= 0 || period <= 0)
		return 0;
	const long long cpus = (quota + period - 1) / period;
	return cpus > UINT_MAX ? UINT_MAX : (unsigned) cpus;
}

/* Return the smallest quota of the cgroup PATH below directory TOP and all above it.  */
static unsigned
quota_upwards(const char *top, const char *path)
{
	char dir[PATH_MAX];
	unsigned least = 0;

	if (snprintf(dir, sizeof dir, "%s%s", top, path) >= (int) sizeof dir)
		return 0;
	const size_t end = strlen(top);
	for (;;) {
		const unsigned quota = quota_of(dir);
		if (quota != 0 && (least == 0 || quota < least))
			least = quota;
		char *const slash = strrchr(dir, '/');
		if (strlen(dir) <= end || slash == NULL || slash < dir + end)
			return least;
		*slash = '\0';
	}
}

/* Return whether the comma-separated LIST of a version 1 hierarchy has the controller
   cpu.  */
static bool
has_cpu(const char *list)
{
	char copy[256];
	char *state;

	if (strlen(list) >= sizeof copy)
		return false;
	strcpy(copy, list);
	for (char *p = strtok_r(copy, ",", &state); p != NULL; p = strtok_r(NULL, ",",
									    &state))
		if (strcmp(p, "cpu") == 0)
			return true;
	return false;
}

unsigned
cpus_quota(const char *list, const char *root)
{
	char *line = NULL;
	size_t size = 0;
	unsigned least = 0;
	FILE *const f = fopen(list, "re");

	if (f == NULL)
		return 0;
	/* Lines are ID:CONTROLLERS:PATH, with no controllers for version 2.  */
	while (getline(&line, &size, f) > 0) {
		char top[PATH_MAX];
		line[strcspn(line, "\n")] = '\0';
		char *const first = strchr(line, ':');
		char *const second = first != NULL ? strchr(first + 1, ':') : NULL;
		if (second == NULL)
			continue;
		*second = '\0';
		const char *const controllers = first + 1;
		if (*controllers != '\0' && !has_cpu(controllers))
			continue;
		if (snprintf(top, sizeof top, *controllers != '\0' ? "%s/%s" : "%s",
			     root, controllers) >= (int) sizeof top)
			continue;
		const unsigned quota = quota_upwards(top, second + 1);
		if (quota != 0 && (least == 0 || quota < least))
			least = quota;
	}
	free(line);
	fclose(f);
	return least;
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

unsigned
cpus_usable(void)
{
	const unsigned cpus = affinity();
	const unsigned quota = cpus > 1
		? cpus_quota("/proc/self/cgroup", "/sys/fs/cgroup") : 0;

	return quota != 0 && quota < cpus ? quota : cpus;
}
