/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_CPUS_H
#define MMCP_BASE_CPUS_H

/* How many processors we may use: those in the affinity mask, and no more than the
   cgroup's quota of processor time allows, rounded up.  At least 1.  */
unsigned
cpus_usable(void);

/* The processors that the cgroups named in file LIST (as /proc/self/cgroup) grant,
   looked up below directory ROOT (as /sys/fs/cgroup) in the layouts of versions 1
   and 2, in the cgroup itself and all above it.  0 for no limit.  */
unsigned
cpus_quota(const char *list, const char *root);

#endif
