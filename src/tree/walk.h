/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_WALK_H
#define MMCP_TREE_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "tree/deferred.h"
#include "tree/entry.h"
#include "tree/pool.h"
#include "tree/seen.h"

/* What the files of the walk share: tree.c begins and ends it, walk.c goes from name to
   name, directory.c goes into directories and out of them, content.c has bytes copied.  */

struct tree_policy;

/* A directory that the walk is in, and those below that it has still to enter.  */
struct level {
	struct level *above;
	struct dirpair *dir;
	char *names;		/* one after the other */
	size_t size, used, at;
};

struct walk {
	struct run *run;
	const struct tree_policy *policy;
	struct pool *pool;
	struct level *level;	/* the lowest */
	struct deferred_list again;	/* what came back */
	struct deferred_list links;	/* links to what is not yet there */
	bool plain;		/* a file's type tells all where nothing can stand */
	unsigned budget;	/* descriptors for directories */
	bool narrow;		/* there are none: all is found by whole paths, as cp does */
	ino_t old[256];		/* files being written over: none twice at once */
	unsigned old_count;
	bool many;		/* operands: files among them are dealt out, too */
	struct dirpair *home;	/* of the last operand that was dealt out */
	bool home_is_below;	/* the target, where this run copies to */
	struct seen *dealt;	/* names of operands that were */
};

/* ---- content.c ---- */

/* Copy ENTRY's content here, and by all workers if it is large.  0, or -1 and it was
   said.  */
int
content_copy_here(struct walk *walk, struct entry *entry);

/* Copy the content of ENTRY, in DIR, by a worker unless HERE.  1 if it was dealt out;
   else as above.  */
int
content_copy(struct walk *walk, struct entry *entry, struct dirpair *dir, bool here);

/* What comes back from the workers (struct pool_listener).  */
void
content_result(void *context, struct dirpair *dir, const char *name, unsigned flags,
	const struct pool_word *word);

void
content_landed(void *context, void *tag, bool there);

/* ---- directory.c ---- */

/* Enter directory ENTRY, that was LOOKED at, or that can't have anything in its way,
   and have a level for it.  1; 0 if it is not to be walked; or -1 if somebody has to
   look at it first.  */
int
directory_enter(struct walk *walk, struct entry *entry, bool looked);

/* One use of DIR less, and with the last one of it, which finishes it, one of that above
   (struct pool_listener).  */
void
directory_release(void *context, struct dirpair *dir);

/* Leave the lowest level.  */
void
directory_leave(struct walk *walk);

/* ---- walk.c ---- */

/* Enter ENTRY, that was LOOKED at or has nothing in its way, and take what is in it.
   0, or -1 if somebody has to look at it first.  */
int
walk_into(struct walk *walk, struct entry *entry, bool looked);

/* Go on until no level is left, and nothing that came back.  */
void
walk_on(struct walk *walk);

#endif
