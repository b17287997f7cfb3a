/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sysfs.c: numbers and words that the kernel shows in files.  */
#include "config.h"

#include "base/sysfs.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

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

void
sysfs_read_line(const char *dir, const char *name, char *text, size_t size)
{
	FILE *const f = open_file(dir, name);

	if (f == NULL || fgets(text, (int) size, f) == NULL)
		*text = '\0';
	if (f != NULL)
		fclose(f);
	for (size_t len = strlen(text); len > 0 && strchr(" \n", text[len - 1]); len--)
		text[len - 1] = '\0';
}
