/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_WALKSTATE_H
#define MMCP_TREE_WALKSTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "tree/entry.h"
#include "tree/fileset.h"
#include "tree/pool.h"
#include "tree/waitlist.h"

/* The state of a walk, which tree.c, walk.c, directory.c and content.c share.  */

/* A directory that the walk is in, and the subdirectories that are still to be
   entered.  */
struct level {
	struct level *above;
	struct dirpair *dir;
	char *names;		/* of subdirectories, each with its NUL */
	size_t size, used;	/* bytes allocated and used in names */
	size_t at;		/* where the next name begins */
};

struct walk {
	struct session *session;
	const struct tree_policy *policy;
	struct pool *pool;
	struct level *level;	/* the lowest */
	struct waitlist returned;	/* names that workers gave back */
	struct waitlist link_waiters;	/* links to copies that are still being made */
	bool type_suffices;	/* in a new directory, an entry's type decides alone */
	unsigned budget;	/* descriptors that directories may hold */
	bool by_path;		/* too few: open everything by whole paths, as cp does */

	/* Inodes of existing files that workers write to: none twice at a time.  */
	ino_t overwriting[256];
	unsigned overwriting_count;

	/* Operands that workers copy.  */
	bool queue_operands;	/* there are many operands: have workers copy files */
	struct dirpair *operand_dir;	/* the directory of the last queued operand */
	bool operand_dir_in_dest;	/* which is below the destination */
	struct fileset *queued_operands;	/* destination names */
};

#endif
