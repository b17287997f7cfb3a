/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_THREADS_H
#define MMCP_THREADS_H

#include <pthread.h>

#include "tree/linktable.h"
#include "tree/position.h"
#include "tree/queue.h"

/* Walkers that are threads, and the trees of numbers that they walk.  */

enum { WALKERS = 6, OPERANDS = 200, DIRECTORIES = 600, FILES = 5000 };

struct walker {
	unsigned seat;
	pthread_t thread;
	_Atomic bool gone;	/* and to be joined */
	bool died;
	bool adopts;		/* it goes on for one that died */
	bool redo;		/* and the next name was in the hand of that one */
	unsigned luck;		/* it dies when this is 0 */
	uint64_t random;
	struct arena *arena;
	struct position *position;
	struct linktable *links;
	struct task gift;
};

extern struct queue *queue;
extern struct walker walkers[WALKERS];

/* Where what is: operand I is directory I.  Files of one source are its names.  */
extern struct dirpair *directories[DIRECTORIES];
extern unsigned above[DIRECTORIES], home[FILES], source[FILES];

/* How often a directory was entered, a name dealt with, a source copied.  */
extern _Atomic unsigned entered[DIRECTORIES], done[FILES], copies[FILES];

/* Return a number below N; *RANDOM goes on.  */
unsigned
below(uint64_t *random, unsigned n);

/* Say that WHAT is wrong with NUMBER, and end all.  */
_Noreturn void
fail(const char *what, unsigned number);

/* The same if MEMORY is NULL.  */
void
need(const void *memory);

/* Return a copy of LINKS, as fork makes one: the table itself is shared.  */
struct linktable *
copy_links(const struct linktable *links);

/* Have LINKS' lock NUMBER.  */
void
lock_links(const struct linktable *links, unsigned number);

/* What a walker does, from its start to its end or death.  */
void *
walk(void *walker);

#endif
