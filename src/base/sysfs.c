/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sysfs.c: numbers that the kernel shows in files.  */
#include "config.h"

#include "base/sysfs.h"

#include <limits.h>
#include <stdio.h>

/* Open file DIR/NAME.  Return NULL if that fails.  */
static FILE *
open_file(const char *dir, const char *name)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof path, "%s/%s", dir, name) < (int) sizeof path
		? fopen(path, "re") : NULL;
}

int
sysfs_read_numbers(const char *dir, const char *name, long long *first,
	long long *second)
{
	FILE *const f = open_file(dir, name);
	int got;

	if (f == NULL)
		return 0;
	got = fscanf(f, "%lld %lld", first, second);
	fclose(f);
	return got < 0 ? 0 : got;
}
