/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_SESSION_H
#define MMCP_TREE_SESSION_H

#include <stdbool.h>
#include <sys/types.h>

#include "file/copy.h"
#include "tree/fileset.h"
#include "tree/linktable.h"
#include "tree/policy.h"
#include "tree/position.h"

struct manifest;

/* What one run of the program knows of its operands and their copies.  The caller owns
   all of it.  The three sets are NULL if there is only one operand.  */
struct session {
	const struct entry_policy *policy;
	const struct copy_policy *copy;
	struct fileset *sources;	/* operands: each is copied once */
	struct fileset *created;	/* copies of operands */
	struct fileset *linked;		/* operands that became links to copies */
	struct linktable *links;
	struct manifest *manifest;	/* NULL: none is written */
	struct timekeeping {
		bool known;	/* this was looked at: */
		dev_t device;	/* a file system */
		bool timeless;	/* which doesn't hold the times of files */
	} timekeeping;
	struct position *position;	/* where this walker is; NULL: nobody would
					   take over */
};

/* In a walker that isn't the first: none of its operands depends on another one.  */
static inline void
session_forget_operands(struct session *session)
{
	session->sources = session->created = session->linked = NULL;
}

#endif
