/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_CPUS_H
#define MMCP_BASE_CPUS_H

/* Return the number of processors that this process may use: those in its affinity mask,
   limited by the cgroup's quota of processor time, rounded up.  At least 1.  */
unsigned
cpus_usable(void);

/* RANKS processes like this one, with their workers, share them from now on.  */
void
cpus_share(unsigned ranks);

/* Return the number of processors that a cgroup's quotas allow, or 0 for no limit.
   LIST names its cgroups, as /proc/self/cgroup does; ROOT is where they are, as
   /sys/fs/cgroup, in the layout of version 1 or 2.  The quotas of all cgroups above
   count, too.  */
unsigned
cpus_quota(const char *list, const char *root);

#endif
