/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_SAMEFILE_H
#define MMCP_TREE_SAMEFILE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/pathpair.h"

/* What to do if source and destination are one file under two names.  */

struct samefile_policy {
	bool no_dereference;	/* no symlink is followed (-P) */
	bool link;		/* links are made (-l) */
	bool symbolic_link;	/* symlinks are made (-s) */
	bool remove_destination;	/* before it is opened */
	bool backup;		/* or renamed */
};

enum same {
	SAME_GO_ON,		/* they differ, or copying does no harm */
	SAME_NOTHING_TO_DO,	/* the destination is already what it would become */
	SAME_REFUSED		/* "are the same file" */
};

/* Decide for PAIR.  SOURCE and DEST were found there, with or without following symlinks.
   Only the kernel is asked; nothing is reported.  */
enum same
samefile_decide(const struct samefile_policy *policy, const struct pathpair *pair,
	const struct stat *source, const struct stat *dest);

#endif
