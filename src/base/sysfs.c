/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sysfs.c: numbers that the kernel shows in files.  */
#include "config.h"

#include "base/sysfs.h"

#include <stdio.h>

int
sysfs_read_numbers(const char *path, long long *first, long long *second)
{
	FILE *const f = fopen(path, "re");
	int got;

	if (f == NULL)
		return 0;
	got = fscanf(f, "%lld %lld", first, second);
	fclose(f);
	return got < 0 ? 0 : got;
}
