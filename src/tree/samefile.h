/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_SAMEFILE_H
#define MMCP_TREE_SAMEFILE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/pathpair.h"

/* What to do where source and destination may be one file, by whatever names.  */

struct samefile_policy {
	bool no_dereference;		/* no symlink is followed (-P) */
	bool link;		/* links are made (-l) */
	bool symbolic_link;	/* symlinks are made (-s) */
	bool remove_destination;	/* before it is opened */
	bool backup;		/* or renamed */
};

enum same {
	SAME_GO_ON,		/* they are two, or it does no harm */
	SAME_NOTHING_TO_DO,	/* the destination is what it is to become */
	SAME_REFUSED
};

/* Judge PAIR, where SOURCE and DEST are what was found there: symlinks themselves or what
   they lead to, as they were looked at.  */
enum same
samefile_decide(const struct samefile_policy *policy, const struct pathpair *pair,
	const struct stat *source, const struct stat *dest);

#endif
