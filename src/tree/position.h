/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_POSITION_H
#define MMCP_TREE_POSITION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "file/newfile.h"
#include "tree/level.h"

/* Where a walker is.  It is the lowest thing in the walker's arena: if the process dies,
   another one goes on from there, and does only the name in hand again.  */

/* What was about to be made for the name in hand; the name of the copy was free, unless
   it says otherwise.  */
enum begun {
	BEGUN_SMALL,		/* a file that isn't noted in made */
	BEGUN_FILE,		/* one that is */
	BEGUN_OLD,		/* an old file was about to be overwritten or replaced */
	BEGUN_DIRECTORY,
	BEGUN_NODE		/* a link or a special file */
};

enum {
	POSITION_WHERE = 256,
	POSITION_DEATHS = 3	/* so many workers may die at a name: it is given up */
};

/* The address space of a walker's arena.  */
#define POSITION_ARENA ((size_t) 1 << (sizeof(size_t) > 4 ? 28 : 24))

struct position {
	struct level *_Atomic level;	/* the lowest */
	_Atomic char where[POSITION_WHERE];	/* the source directory */
	_Atomic unsigned changes;	/* of where: an odd number while it changes */
	uint64_t task;			/* the last task that a level was made for */

	/* The name for which something was about to be made: the one at offset AT in
	   LEVEL, if it still is the next.  */
	struct {
		struct level *_Atomic level;
		uint64_t at;
		enum begun what;
	} begun;
	struct newfile made;		/* for that name */
	bool redo;		/* the next name was in the hand of a worker that died */

	struct level_cut giving;	/* the last that was about to be given away */
};

/* Return the position in ARENA, which is new.  NULL with errno.  */
struct position *
position_new(struct arena *arena);

/* POSITION is in the source directory called NAME.  */
void
position_set_where(struct position *position, const char *name);

/* Return a copy of that name, for the progress line; or NULL, if there is none or it just
   changes.  Any process may ask.  */
char *
position_where(const struct position *position);

/* WHAT is about to be made for the next name of POSITION's lowest level.  */
void
position_begins(struct position *position, enum begun what);

/* Return whether that is so; set *WHAT.  */
bool
position_has_begun(const struct position *position, enum begun *what);

/* Nothing was begun for it, or it was taken back.  */
void
position_forgets(struct position *position);

/* Another process had this position when it died.  Bring everything in order.  GAVE: what
   it was giving away it has given.  Return false if too many have died at the name in
   hand: then it is not done again.  */
bool
position_adopt(struct position *position, bool gave);

#endif
