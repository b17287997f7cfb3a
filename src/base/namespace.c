/* SPDX-License-Identifier: GPL-3.0-or-later */
/* namespace.c: the PID namespace of the children of this process.  */
#include "config.h"

#include "base/namespace.h"

#include <sys/stat.h>

#include "base/inode.h"

bool
namespace_is_new(void)
{
	/* Since Linux 4.12.  */
	static const char children[] = "/proc/self/ns/pid_for_children";
	struct stat ours, theirs;

	/* Before the first child is forked, the link exists and dangles.  */
	if (stat(children, &theirs) < 0)
		return lstat(children, &theirs) == 0;
	return stat("/proc/self/ns/pid", &ours) == 0 && !inode_is_same(&ours, &theirs);
}
