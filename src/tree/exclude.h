/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_EXCLUDE_H
#define MMCP_TREE_EXCLUDE_H

#include <stdbool.h>
#include <stddef.h>

/* What is not to be copied, by its name.  */
struct exclude {
	char **patterns;
	size_t count;
	bool paths;		/* one of them has a slash */
};

/* Leave out what matches PATTERN.  One without a slash is matched against the name
   alone; one with a slash against the path that begins with the source's own name, and
   against what of it is behind any slash; if it begins with one, against the path below
   the source only.  "./" at its beginning and slashes at its end don't matter.  0, or
   -1 with errno.  */
int
exclude_add(struct exclude *exclude, const char *pattern);

/* Likewise for each line of FILE ("-": standard input); empty ones are nothing.  */
int
exclude_add_file(struct exclude *exclude, const char *file);

/* Whether NAME is left out, whose path is FULL with the source's own name, and BELOW
   without (NULL: it is the source); these matter only if some pattern has a slash.  */
bool
exclude_has(const struct exclude *exclude, const char *name, const char *full,
	const char *below);

/* Whether PATH, or a directory in it, is left out.  */
bool
exclude_has_path(const struct exclude *exclude, const char *path);

void
exclude_free(struct exclude *exclude);

#endif
