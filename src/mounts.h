/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_MOUNTS_H
#define MMCP_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Where file systems are mounted that may not answer: FUSE, network, and any type that isn't
   known to be local.  None of these is asked anything here, but by a symlink that leads there.  */

#define MOUNTS_TABLE "/proc/self/mountinfo"
#define MOUNTS_DEVICES "/sys/devices/virtual/bdi"

struct mounts {
	char **point;		/* absolute names of the mount points, "/" for the root */
	size_t count;
	char *here;		/* where names without a leading slash begin; NULL: not known */
};

#define MOUNTS_NONE ((struct mounts) { .point = NULL })

/* Whether any may be mounted, by the kernel's list of what pages are written back to, MOUNTS_DEVICES
   or something like it, open as FD.  That is read in 6 microseconds, the table in 40, or in 1200 with
   500 mounts (6.18).  What autofs would mount isn't known here.  */
bool
mounts_possible(int fd);

/* Read them from TABLE, which is MOUNTS_TABLE or something like it.  0, or -1 with errno and
   none.  */
int
mounts_read(struct mounts *mounts, FILE *table);

/* Whether one of them holds what PATH names or would name; or, if TREE, is below it.  */
bool
mounts_concern(const struct mounts *mounts, const char *path, bool tree);

void
mounts_free(struct mounts *mounts);

#endif
