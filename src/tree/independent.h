/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_INDEPENDENT_H
#define MMCP_TREE_INDEPENDENT_H

#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

#include "base/pathpair.h"
#include "tree/fileset.h"
#include "tree/session.h"

/* Which operands may be copied side by side: those that make new names, or overwrite a
   file that has one name only; neither is part of another's source.  All others have the
   walkers for themselves.  Meanwhile each path leads where it led before.  */

struct independent {
	const struct entry_policy *policy;
	const struct fileset *created;	/* copies of operands that weren't queued */
	struct timespec began;
	bool overwrites;	/* an old file is overwritten in any case, which changes
				   the time of its change */
	struct fileset *queued;	/* destination names of operands that walkers have */
	struct fileset *old;	/* those that existed, with the time of their change */
	struct fileset *listed;	/* names in the target, unless only walkers have made them
				   since; NULL: not known */
	size_t room;		/* so many names may be read to know them */
	struct stat dest;	/* the last destination, if it has a name */
	char *dir;		/* the directory of the last operand, as it was named */
	bool dir_in_dest;	/* it is below the target */
	char *beside;		/* that of the last one that wasn't queued */
};

/* Begin without operands of SESSION, of which there will be COUNT.  Return 0, or -1 with
   errno.  */
int
independent_begin(struct independent *independent, const struct session *session,
	size_t count);

void
independent_end(struct independent *independent);

/* Return whether operand PAIR, whose status is stored in *ST, can be copied beside what
   walkers still copy.  */
bool
independent_is(struct independent *independent, const struct pathpair *pair,
	struct stat *st);

/* Operand PAIR, the last of which independent_is was asked, is queued for walkers.
   Return 0, or -1 with errno.  */
int
independent_queue(struct independent *independent, const struct pathpair *pair);

/* Nothing is queued any more.  Return whether another operand was that has PAIR's
   destination, and has been copied, if there is any.  */
bool
independent_was_copied(const struct independent *independent,
	const struct pathpair *pair);

/* Operand PAIR is copied, and isn't queued: it may replace something.  Nothing is copied
   beside it so far.  */
void
independent_begins(struct independent *independent, const struct pathpair *pair);

/* The same PAIR made a new name.  Return whether others may be copied beside it.  */
bool
independent_lets_others(struct independent *independent, const struct pathpair *pair);

#endif
