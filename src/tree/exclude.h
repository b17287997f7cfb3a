/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_EXCLUDE_H
#define MMCP_TREE_EXCLUDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Patterns of names that are not copied (--exclude), or that are though a later pattern
   matches them, too (--include).  The first pattern that matches decides.  */
struct exclude {
	struct exclude_rule *rules;
	size_t count;
	bool paths;		/* one of them has a slash that isn't the last */
	bool directories;	/* one of them is for directories only */
};

/* A name that may be excluded.  */
struct candidate {
	const char *name;
	const char *full;	/* its path with the source's own name */
	const char *below;	/* without it; NULL for the source itself */
	bool is_directory;	/* used only if there are patterns for directories */
};

/* Add PATTERN, which is copied; what it matches is INCLUDED or not.  Without a slash, it
   is matched against the name alone.  With one, it is matched against the path that
   begins with the source's own name, and against what follows any slash in that; if it
   begins with a slash, against the path below the source only.  With a slash at its end,
   which is no part of this, it matches only directories.  A leading "./" doesn't count.
   Return 0, or -1 with errno: EINVAL if nothing is left of PATTERN.  */
int
exclude_add(struct exclude *exclude, const char *pattern, bool included);

/* Add each line of FILE ("-": standard input) that isn't blank, nor a comment: its first
   character is "#" or ";".  Return 0, or -1 with errno: EILSEQ if a line has a NUL.  */
int
exclude_add_file(struct exclude *exclude, const char *file);

/* Return true if CANDIDATE is excluded.  Its paths are used only if EXCLUDE->paths.  */
bool
exclude_has(const struct exclude *exclude, const struct candidate *candidate);

/* Return true if PATH, which IS_DIRECTORY or not, or a directory in it is excluded.  */
bool
exclude_has_path(const struct exclude *exclude, const char *path, bool is_directory);

/* Return the sum of the words that SUM is that of, and all patterns (fingerprint.h).  */
uint64_t
exclude_fingerprint(const struct exclude *exclude, uint64_t sum);

/* Free the patterns and leave an empty list.  */
void
exclude_free(struct exclude *exclude);

#endif
