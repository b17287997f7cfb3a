/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_CGROUP_H
#define MMCP_BASE_CGROUP_H

#include <stdint.h>

/* The cgroups of this process, and where their directories are.  */
#define CGROUP_LIST "/proc/self/cgroup"
#define CGROUP_ROOT "/sys/fs/cgroup"

#define CGROUP_UNLIMITED UINT64_MAX

/* Return the least limit of a process's cgroups that CONTROLLER ("cpu") obeys, and of all
   cgroups above them; CGROUP_UNLIMITED if there is none or nothing can be read.  LIST
   names the cgroups, as CGROUP_LIST does; ROOT is where they are, as CGROUP_ROOT, in the
   layout of version 1 or 2.  LIMIT_OF returns the limit of the cgroup in directory DIR,
   whose files differ in the two versions, or CGROUP_UNLIMITED; DIR may not exist.  */
uint64_t
cgroup_least(const char *list, const char *root, const char *controller,
	uint64_t (*limit_of)(const char *dir));

#endif
