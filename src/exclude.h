/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_EXCLUDE_H
#define MMCP_EXCLUDE_H

#include <stdbool.h>
#include <stddef.h>

/* What is not to be copied, by its name.  */
struct exclude {
	char **patterns;
	size_t count;
	bool paths;		/* one of them has a slash */
};

/* Leave out what matches PATTERN.  One without a slash is matched against the name alone; one
   with a slash against the path below the source, and against what of it is behind any slash;
   if it begins with one, against all of that path only.  Slashes at its end don't matter.  0,
   or -1 with errno.  */
int
exclude_add(struct exclude *exclude, const char *pattern);

/* Likewise for each line of FILE ("-": standard input); empty ones are nothing.  */
int
exclude_add_file(struct exclude *exclude, const char *file);

/* Whether NAME, whose path below the source is PATH (which matters only if some pattern has a
   slash), is left out.  */
bool
exclude_has(const struct exclude *exclude, const char *name, const char *path);

void
exclude_free(struct exclude *exclude);

#endif
