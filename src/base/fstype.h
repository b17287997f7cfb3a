/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_FSTYPE_H
#define MMCP_BASE_FSTYPE_H

#include <stddef.h>
#include <sys/types.h>

/* A file system's type and block size, in bytes, as in statfs(2); zeros if unknown.  */
struct fstype {
	unsigned type;
	size_t block;
};

/* Return the type of the file system that FD is on.  As this may be a request to a
   server, the kernel is asked once for each DEVICE (FD's device), or each time if
   DEVICE is 0 (unknown).  errno is kept.  */
struct fstype
fstype_of(int fd, dev_t device);

/* As fstype_of, for PATH below AT.  Symlinks are followed; "." is AT itself, even if open
   by O_PATH.  */
struct fstype
fstype_at(int at, const char *path, dev_t device);

/* Return the huge page size in bytes if FD is on hugetlbfs, else 0.  DEVICE is as for
   fstype_of.  errno is kept.  */
size_t
fstype_huge_page(int fd, dev_t device);

#endif
