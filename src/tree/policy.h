/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_POLICY_H
#define MMCP_TREE_POLICY_H

#include <stdbool.h>

#include "tree/exclude.h"

/* What the user wants of a tree, as cli/ has it from the command line.  */

/* Which symbolic links are followed: -P, -H, -L.  */
enum dereference {
	DEREFERENCE_NEVER, DEREFERENCE_OPERANDS, DEREFERENCE_ALWAYS, DEREFERENCES
};

/* What becomes of a file that exists.  */
enum update {
	UPDATE_ALL,		/* it is replaced */
	UPDATE_OLDER,		/* if it is older than the source */
	UPDATE_CHANGED,		/* if its size or its time is not the source's */
	UPDATE_NONE,		/* it stays */
	UPDATE_NONE_FAIL	/* and that is an error */
};

struct entry_policy {
	bool recursive;
	enum dereference dereference;
	bool copy_contents;	/* pipes and devices are read like files */
	bool link;		/* -l */
	bool symbolic_link;	/* -s */
	bool preserve_links;	/* names of one source become names of one copy */
	bool keep_directory_symlink;
	enum update update;
	bool interactive;	/* whether to replace what exists */
	bool remove_destination;	/* remove what exists before opening it */
	bool verbose;
	bool debug;
	bool dry_run;		/* say what would be done, and change nothing */
};

struct tree_policy {
	bool one_file_system;	/* -x: directories of others stay empty */
	const struct exclude *exclude;	/* what is left out */
	bool files0_from;	/* operands are from a list */
};

#endif
