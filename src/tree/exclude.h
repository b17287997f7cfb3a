/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_EXCLUDE_H
#define MMCP_TREE_EXCLUDE_H

#include <stdbool.h>
#include <stddef.h>

/* Patterns of names that are not copied (--exclude).  */
struct exclude {
	char **patterns;
	size_t count;
	bool paths;		/* one of them has a slash */
};

/* Add PATTERN, which is copied.  Without a slash, it is matched against the name alone.
   With one, it is matched against the path that begins with the source's own name, and
   against what follows any slash in that; if it begins with a slash, against the path
   below the source only.  A leading "./" and trailing slashes don't count.  Return 0, or
   -1 with errno.  */
int
exclude_add(struct exclude *exclude, const char *pattern);

/* Add each line of FILE ("-": standard input) that isn't empty.  Return 0, or -1 with
   errno.  */
int
exclude_add_file(struct exclude *exclude, const char *file);

/* Return true if NAME is excluded.  Its path is FULL, with the source's own name, or
   BELOW without it (NULL for the source itself).  The paths are used only if
   EXCLUDE->paths.  */
bool
exclude_has(const struct exclude *exclude, const char *name, const char *full,
	const char *below);

/* Return true if PATH, or a directory in it, is excluded.  */
bool
exclude_has_path(const struct exclude *exclude, const char *path);

/* Free the patterns and leave an empty list.  */
void
exclude_free(struct exclude *exclude);

#endif
