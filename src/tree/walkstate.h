/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_WALKSTATE_H
#define MMCP_TREE_WALKSTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "file/smallfile.h"
#include "report/debugmessages.h"
#include "tree/durable.h"
#include "tree/entry.h"
#include "tree/group.h"
#include "tree/position.h"
#include "tree/queue.h"

/* The state of a walker, which the files about walking share: the only one, or one of
   several in processes of their own.  */

/* Where operand number I comes from.  Set *PAIR, or return -1 with errno.  */
typedef int walk_operand(void *context, size_t i, struct pathpair *pair);

struct walk {
	struct session *session;
	const struct tree_policy *policy;
	struct arena *arena;
	struct position *position;	/* in it */
	struct smallfile smallfile;
	bool holds;		/* it may leave small files open for a while */
	struct durable durable;
	struct group group;	/* of the lowest level */
	bool type_suffices;	/* in a new directory, an entry's type decides alone */
	unsigned budget;	/* descriptors that directories may hold */
	bool by_path;		/* too few: open everything by whole paths, as cp does */
	bool looks_first;	/* the last file had other names: so may the next */
	bool finds_old;		/* the last operand's copy existed: so may the next's */
	walk_operand *operand;
	void *operands;

	/* With other walkers.  */
	struct queue *queue;	/* NULL: this is the only one */
	struct queue *locks;	/* the queue that has locks for old files, or NULL */
	struct seat *seat;	/* its own there */
	bool keeps_names;	/* names of one old directory are for one walker: a backup
				   may take the name of another copy, and questions are
				   asked one after the other */
	unsigned unasked;	/* names before the next search for what to give away */

	bool (*wait_here)(void *waits_for);	/* in the parent: wait for others */
	void *waits_for;

	/* While this is the only one, other walkers may be wanted.  */
	unsigned most;		/* walkers to begin with */
	bool far;		/* other ranks are, too */
	enum walkers_why why;	/* they are so many */
	bool explained;		/* that was printed, or isn't to be */
	bool fixed;		/* the user said how many */
	bool grows;		/* they may become more */
	unsigned names;		/* that were dealt with so far */
	uint64_t begun;		/* when; nanoseconds */
	uint64_t moved;		/* bytes that had been copied then */
	uint64_t used;		/* and how much of a processor we had used then */

	/* The directory that operands are copied into.  */
	struct target {
		bool known;
		int at;
		dev_t device;
		bool inherits;	/* as in dirpair */
	} target;
};

static inline struct level *
walk_level(const struct walk *walk)
{
	return walk->position->level;
}

#endif
