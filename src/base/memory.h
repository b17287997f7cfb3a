/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_MEMORY_H
#define MMCP_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Return the bytes in a page of memory.  */
size_t
memory_page_size(void);

/* Return the size in bytes of the folio that a page fault brings in after
   memory_advise_huge; 0 if unknown or without effect (Linux before 5.18, or built without
   huge pages).  */
size_t
memory_huge_page(void);

/* Map LEN bytes of the file FD from AT on, a multiple of the page size, shared, for
   reading and writing, at an address where page faults can bring in folios of
   memory_huge_page() bytes.  Most file systems choose such an address themselves;
   overlayfs doesn't, and there a copy took four times as long
   (doc/measurements.md#huge-folios). Return as mmap.  The caller unmaps LEN bytes.  */
void *
memory_map_huge(size_t len, int fd, off_t at);

/* Let a page fault in the mapping [ADDR, ADDR+LEN) of a file bring in exactly one folio
   of memory_huge_page() bytes, if the file system supports them.  Return 0, or -1 with
   errno.  */
int
memory_advise_huge(void *addr, size_t len);

/* Undo memory_advise_huge for a part of a mapping, but not its advice on reading.  */
void
memory_advise_small(void *addr, size_t len);

/* Bring in the pages of the mapping [ADDR, ADDR+LEN) for reading or for writing.  ADDR is
   on a page boundary.  Return 0, also if the kernel is too old for that; or -1 with errno
   instead of a SIGBUS: EFAULT if a page is unavailable.  */
int
memory_populate(void *addr, size_t len, bool for_writing);

/* Return the fewest bytes that this process's cgroup and all above it may have in memory,
   cached files included: UINT64_MAX where there is no limit or none can be read.  Reads
   some files each time.  */
uint64_t
memory_limit(void);

/* Return that for the cgroups of LIST below ROOT, as cgroup_least.  */
uint64_t
memory_limit_of(const char *list, const char *root);

/* Return the bytes in memory that have still to be written to devices, whoever wrote
   them; 0 if it is unknown.  */
uint64_t
memory_dirty(void);

#endif
