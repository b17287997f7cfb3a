/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory.c: pages of memory, advice about them, and how much we may have.  */
#include "config.h"

#include "base/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cgroup.h"
#include "base/kernel.h"
#include "base/sysfs.h"

/* Numbers of the kernel's that not every libc has (glibc: since 2.35).  */
#ifndef MADV_POPULATE_READ
# define MADV_POPULATE_READ 22
# define MADV_POPULATE_WRITE 23
#endif

size_t
memory_page_size(void)
{
	static size_t size;

	if (size == 0)
		size = (size_t) sysconf(_SC_PAGESIZE);
	return size;
}

size_t
memory_huge_page(void)
{
	static const char dir[] = "/sys/kernel/mm/transparent_hugepage";
	long long size, unused;

	return kernel_is(5, 18)
		&& sysfs_read_numbers(dir, "hpage_pmd_size", &size, &unused) > 0
		? (size_t) size : 0;
}

/* Map LEN bytes of FD from AT on anew, so that they lie as to HUGE as in the file.
   Return MAP_FAILED with errno.  */
static void *
map_aligned(size_t len, int fd, off_t at, size_t huge)
{
	char *const room = mmap(NULL, len + huge, PROT_NONE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (room == MAP_FAILED)
		return room;
	const size_t before = ((size_t) at - (uintptr_t) room) % huge;
	void *const map = mmap(room + before, len, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_FIXED, fd, at);
	if (map == MAP_FAILED) {
		munmap(room, len + huge);
		return map;
	}
	if (before > 0)
		munmap(room, before);
	if (before < huge)
		munmap(room + before + len, huge - before);
	return map;
}

void *
memory_map_huge(size_t len, int fd, off_t at)
{
	const size_t huge = memory_huge_page(), page = memory_page_size();
	const size_t whole = (len + page - 1) / page * page;
	void *const map = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_SHARED, fd, at);

	if (map == MAP_FAILED || huge == 0 || len < huge
	    || ((uintptr_t) map - (size_t) at) % huge == 0)
		return map;
	void *const aligned = map_aligned(whole, fd, at, huge);
	if (aligned == MAP_FAILED)
		return map;
	munmap(map, whole);
	return aligned;
}

int
memory_advise_huge(void *addr, size_t len)
{
	if (madvise(addr, len, MADV_HUGEPAGE) < 0)
		return -1;
	/* Else a page fault brings in two folios, and reads ahead.  */
	posix_madvise(addr, len, POSIX_MADV_RANDOM);
	return 0;
}

void
memory_advise_small(void *addr, size_t len)
{
	madvise(addr, len, MADV_NOHUGEPAGE);
}

int
memory_populate(void *addr, size_t len, bool for_writing)
{
	int ret;

	do
		ret = madvise(addr, len, for_writing ? MADV_POPULATE_WRITE
			      : MADV_POPULATE_READ);
	while (ret < 0 && errno == EINTR);
	/* EINVAL: a kernel before 5.14.  The guard around memcpy has to do.  */
	return ret < 0 && errno == EINVAL ? 0 : ret;
}

/* Return the limit of the cgroup in directory DIR, in bytes.  */
static uint64_t
limit_of(const char *dir)
{
	/* Without a limit, version 1 has LONG_MAX, rounded down to whole pages.  */
	static const long long none = 1LL << 62;
	long long limit, unused;

	if (sysfs_read_numbers(dir, "memory.max", &limit, &unused) < 1
	    && sysfs_read_numbers(dir, "memory.limit_in_bytes", &limit, &unused) < 1)
		return CGROUP_UNLIMITED;
	return limit >= 0 && limit < none ? (uint64_t) limit : CGROUP_UNLIMITED;
}

uint64_t
memory_limit_of(const char *list, const char *root)
{
	return cgroup_least(list, root, "memory", limit_of);
}

uint64_t
memory_limit(void)
{
	return memory_limit_of(CGROUP_LIST, CGROUP_ROOT);
}

uint64_t
memory_dirty(void)
{
	FILE *const file = fopen("/proc/meminfo", "re");
	uint64_t sum = 0, kib;
	char line[128], name[32];

	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		if (sscanf(line, "%31[^:]: %" SCNu64, name, &kib) == 2
		    && (strcmp(name, "Dirty") == 0 || strcmp(name, "Writeback") == 0))
			sum += kib * 1024;
	if (file != NULL)
		fclose(file);
	return sum;
}
