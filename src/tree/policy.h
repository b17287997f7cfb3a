/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_POLICY_H
#define MMCP_TREE_POLICY_H

#include <stdbool.h>

#include "tree/exclude.h"

/* The options that decide what becomes of each name of a tree.  */

/* Which symbolic links are followed: -P, -H, -L.  */
enum dereference {
	DEREFERENCE_NEVER, DEREFERENCE_OPERANDS, DEREFERENCE_ALWAYS, DEREFERENCES
};

/* What becomes of a file that exists.  */
enum update {
	UPDATE_ALL,		/* it is replaced */
	UPDATE_OLDER,		/* it is replaced if it is older than the source */
	UPDATE_CHANGED,		/* it is replaced if its size or time differs */
	UPDATE_CONTENT,		/* it is replaced if its content differs */
	UPDATE_NONE,		/* it stays */
	UPDATE_NONE_FAIL	/* it stays, which is an error */
};

struct entry_policy {
	bool recursive;
	enum dereference dereference;
	bool copy_contents;	/* pipes and devices are read like files */
	bool link;		/* -l */
	bool symbolic_link;	/* -s */
	bool preserve_links;	/* names of one file become names of one copy */
	bool keep_directory_symlink;
	enum update update;
	bool interactive;	/* ask before an existing file is replaced */
	bool remove_destination;	/* remove an existing file first */
	bool verbose;
	bool debug;
	bool dry_run;		/* report what would be done, and change nothing */
};

/* Return whether the run only compares: -N --update=checksum.  */
static inline bool
policy_compares(const struct entry_policy *policy)
{
	return policy->dry_run && policy->update == UPDATE_CONTENT;
}

struct tree_policy {
	bool one_file_system;	/* -x: leave mount points empty */
	const struct exclude *exclude;
	bool files0_from;	/* operands come from a list */
};

#endif
