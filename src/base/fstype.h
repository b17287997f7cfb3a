/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_FSTYPE_H
#define MMCP_BASE_FSTYPE_H

#include <stddef.h>
#include <sys/types.h>

/* The file system of FD: its type, as in statfs(2), and the size of its blocks; zeros if
   they are unknown.  As this may be a request to a server, the kernel is asked once for
   each DEVICE, FD's device; if that is 0 (unknown), each time.  errno is kept.  */
struct fstype {
	unsigned type;
	size_t block;
};
struct fstype
fstype_of(int fd, dev_t device);

/* The same of PATH below AT, symlinks followed; "." is AT itself, even if open by
   O_PATH.  */
struct fstype
fstype_at(int at, const char *path, dev_t device);

/* Return the huge page size in bytes if FD is on hugetlbfs, else 0.  DEVICE is as for
   fstype_of.  errno is kept.  */
size_t
fstype_huge_page(int fd, dev_t device);

#endif
