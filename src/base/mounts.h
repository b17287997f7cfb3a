/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_MOUNTS_H
#define MMCP_BASE_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The mount points of file systems that may not answer: FUSE, network, and any type that
   isn't known to be local.  No request is made to these here, except by a symlink that
   leads there.  */

#define MOUNTS_TABLE "/proc/self/mountinfo"
#define MOUNTS_DEVICES "/sys/devices/virtual/bdi"

struct mounts {
	char **point;		/* absolute paths, "/" for the root */
	size_t count;
	char *here;		/* the working directory; NULL: unknown */
};

#define MOUNTS_NONE ((struct mounts) { .point = NULL })

/* Return whether any may be mounted, according to the kernel's list of devices for
   write-back: FD, open on MOUNTS_DEVICES or a directory like it.  Reading that takes 6
   microseconds, the table at least 40 (doc/measurements.md#mounts-that-may-not-answer).
   What autofs would mount isn't in the list.  */
bool
mounts_possible(int fd);

/* Read the mount points from TABLE, which is MOUNTS_TABLE or a file like it.  Return 0,
   or -1 with errno, and MOUNTS_NONE.  The caller frees them by mounts_free.  */
int
mounts_read(struct mounts *mounts, FILE *table);

/* Read MOUNTS_TABLE.  Return as mounts_read.  */
int
mounts_know(struct mounts *mounts);

/* Return whether what PATH names or would name is on one of them; or, if TREE, whether
   one of them is below it.  */
bool
mounts_affect(const struct mounts *mounts, const char *path, bool tree);

void
mounts_free(struct mounts *mounts);

#endif
