/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_LEVEL_H
#define MMCP_TREE_LEVEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "tree/dirpair.h"

/* A directory that a walker is in, and its names that are still to be dealt with: first
   all but the subdirectories, then these, then what waits for the copy of another name.
   Or, without a directory, a range of operands.

   Copies may be held to be synced together.  A group of them ends between two names, or
   behind the last: then they are the next, and after them the walk goes on.

   It lies in the walker's arena, and how far the walk is in it is one word: if the
   process is killed at any moment, another one can go on from there.  */

enum level_phase {
	LEVEL_NAMES, LEVEL_GROUP, LEVEL_DIRECTORIES, LEVEL_LINKS, LEVEL_DONE
};

/* Types of names beside those that a directory has (DT_...).  */
enum {
	LEVEL_LED = 64,		/* a directory that a symlink leads to: not given away */
	LEVEL_WAITS = 65,	/* a link to a copy that is still being made */
	LEVEL_GIVEN = 66,	/* somebody else deals with it */
	LEVEL_HELD = 67		/* its copy is whole, and has no name yet */
};

struct level {
	struct level *above;
	struct dirpair *dir;	/* NULL: operands */
	void *base;		/* where its memory begins in the arena */
	char *names;		/* for each: type, name, NUL */
	bool on_heap;		/* names is malloc'd: the arena was full */
	size_t room;		/* bytes of it, then */
	bool led;		/* a symlink leads here: nothing is given away */
	bool taken;		/* another walker has a level of this directory, too */
	bool shared;		/* a part was given away: it is finished at the end */
	uint32_t entered;	/* where the level above was when it was entered */
	uint64_t task;		/* the number of the task that it began with, or 0 */
	bool has[LEVEL_DONE];	/* whether any name waits for that phase */
	uint32_t gift;		/* before this offset, no name is to be given away */
	_Atomic uint32_t group;	/* the first name that is held; LEVEL_NO_GROUP: none */
	_Atomic uint32_t after;	/* where the walk goes on after the group */
	_Atomic uint64_t at;	/* the phase, and the offset of the next name */
	_Atomic uint32_t end;	/* of the names; or the operand behind the last */
	uint64_t died_at;	/* the value of at where a worker died the last time */
	unsigned deaths;	/* so many died there */
};

#define LEVEL_NO_GROUP UINT32_MAX

/* What a walker gives away of a level: bytes FROM to TO of its names that have the type
   of the phase, or operands.  */
struct level_cut {
	struct level *level;
	uint64_t phase;
	uint32_t from, to;
};

/* Return a level on top of ARENA for DIR, which begins at BASE there, without names; NULL
   with errno.  Names are added before the first is taken.  */
struct level *
level_new(struct arena *arena, struct level *above, struct dirpair *dir, void *base);

/* Return a level for the operands FROM to TO, without TO itself.  */
struct level *
level_of_operands(struct arena *arena, uint32_t from, uint32_t to);

/* Append NAME of TYPE to LEVEL, on top of ARENA.  Return 0, or -1 with errno.  */
int
level_add(struct level *level, struct arena *arena, const char *name, unsigned char type);

/* Append LEN bytes of names as they are in another level.  Return as level_add.  */
int
level_add_all(struct level *level, struct arena *arena, const char *names, size_t len);

/* LEVEL has subdirectories only.  */
void
level_skip_to_directories(struct level *level);

enum level_phase
level_phase(const struct level *level);

/* Return the next name of LEVEL's phase, and its type in *TYPE; after the last one, go on
   to the next phase that has any.  NULL: there are no more.  */
const char *
level_next(struct level *level, unsigned char *type);

/* Set *OPERAND to the next one.  Return false after the last.  */
bool
level_next_operand(const struct level *level, uint32_t *operand);

/* The next name, or operand, is done with.  */
void
level_skip(struct level *level);

/* The next name is not to be dealt with, in a later phase either.  */
void
level_drop(struct level *level);

/* The next name is to be dealt with in a later phase, as TYPE (DT_DIR, LEVEL_LED,
   LEVEL_WAITS).  */
void
level_keep(struct level *level, unsigned char type);

/* The next name is held: when it has been skipped, it belongs to the group.  */
void
level_hold(struct level *level);

/* The group ends here: what is held is the next.  */
void
level_end_group(struct level *level);

/* Return how far LEVEL is, for level_return.  */
uint64_t
level_place(const struct level *level);

/* Go back to PLACE: the name there is to be dealt with again.  */
void
level_return(struct level *level, uint64_t place);

/* Return the offset of the next name.  */
uint32_t
level_offset(const struct level *level);

/* Return the offset behind its last name, or the operand behind its last.  */
static inline uint32_t
level_end(const struct level *level)
{
	return atomic_load_explicit(&level->end, memory_order_relaxed);
}

/* Return the bytes of LEVEL's entry at offset AT: type, name and NUL.  */
static inline uint32_t
level_entry_size(const struct level *level, uint32_t at)
{
	return 1 + (uint32_t) strlen(level->names + at + 1) + 1;
}

/* Return whether LEVEL has subdirectories or operands to be given away, besides the next
   one.  No name is looked at twice for that.  */
bool
level_has_gift(struct level *level);

/* Choose about half of what LEVEL has besides its next name, at most ROOM bytes of names,
   subdirectories if there are any, else names.  Return their number, and *CUT.  */
unsigned
level_halve(struct level *level, size_t room, struct level_cut *cut);

/* Copy to TO the names of CUT.  Return their bytes.  */
size_t
level_copy(const struct level_cut *cut, char *to);

/* What CUT has is given away.  May be repeated.  */
void
level_apply(const struct level_cut *cut);

/* LEVEL's names were in the memory of a process that died.  */
void
level_lose(struct level *level);

/* Free what LEVEL has beside the arena.  */
void
level_free(struct level *level);

#endif
