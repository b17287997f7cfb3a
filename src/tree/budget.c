/* SPDX-License-Identifier: GPL-3.0-or-later */
/* budget.c: how many descriptors there may be.  */
#include "config.h"

#include "tree/budget.h"

#include <fcntl.h>
#include <sys/resource.h>

unsigned
budget_now(void)
{
	enum { OTHERS = 64 };
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0
	    || limit.rlim_cur < OTHERS + BUDGET_LEAST)
		return 8;
	return limit.rlim_cur - OTHERS > BUDGET_MOST ? BUDGET_MOST
		: (unsigned) limit.rlim_cur - OTHERS;
}

bool
budget_needs_paths(void)
{
	enum { LOW = 64, WANTED = 12 };
	struct rlimit limit;
	unsigned left = 0;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= LOW)
		return false;
	for (int fd = 0; fd < (int) limit.rlim_cur; fd++)
		left += fcntl(fd, F_GETFD) < 0;
	return left < WANTED;
}
