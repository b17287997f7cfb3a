/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernel.c: which Linux this is.  */
#include "config.h"

#include "base/kernel.h"

#include <stdio.h>
#include <sys/utsname.h>

bool
kernel_is(unsigned major, unsigned minor)
{
	struct utsname name;
	unsigned first, second;

	return uname(&name) == 0 && sscanf(name.release, "%u.%u", &first, &second) == 2
		&& (first > major || (first == major && second >= minor));
}
