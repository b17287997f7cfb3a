/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_DROPBEHIND_H
#define MMCP_ENGINE_DROPBEHIND_H

#include <stdbool.h>
#include <sys/types.h>

#include "engine/pagecache.h"

/* Drop behind: what a copy brings into memory leaves it again, when it is written back,
   and what was there before stays.  For one process, in file order or not.  */

enum { DROP_PIECE = CACHE_MOST, DROP_LAG = 4 };

struct drop_piece {
	struct cache_pages source, dest;
};

struct drop {
	bool wanted;
	int source, dest;	/* open; -1: not a regular file */
	bool old;		/* the destination may have pages from before */
	struct drop_piece *piece;	/* DROP_LAG of them */
	unsigned first, count;	/* of those that are being written back */
	struct drop_piece *current;
	int err;		/* why something was not written back; 0: it was */
};

/* To be called before anything of either file is copied.  Without memory, nothing will be
   dropped.  */
struct drop
drop_begin(bool wanted, int source, int dest, bool old);

/* [FROM, END), DROP_PIECE bytes at most, is about to be copied, and is read from now
   on.  */
void
drop_before(struct drop *drop, off_t from, off_t end);

/* It was, and no mapping has it.  */
void
drop_behind(struct drop *drop);

/* All is done: wait for what is being written back.  0; or -1 with errno if not all could be
   written: who waits for a file's pages takes the error from those who ask later.  */
int
drop_end(struct drop *drop);

#endif
