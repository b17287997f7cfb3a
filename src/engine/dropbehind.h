/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_DROPBEHIND_H
#define MMCP_ENGINE_DROPBEHIND_H

#include <stdbool.h>
#include <sys/types.h>

#include "engine/pagecache.h"

/* Drop behind: what a copy brings into memory leaves it again, when it is written back,
   and what was there before stays.  For one process, in file order or not.  */

enum { DROPBEHIND_PIECE = PAGECACHE_MOST, DROPBEHIND_LAG = 4 };

struct dropbehind_piece {
	struct pagecache_pages source, dest;
};

struct dropbehind {
	bool wanted;
	int source, dest;	/* open; -1: not a regular file */
	bool old;		/* the destination may have pages from before */
	struct dropbehind_piece *piece;	/* DROPBEHIND_LAG of them */
	unsigned first, count;	/* of those that are being written back */
	struct dropbehind_piece *current;
	int err;		/* why something was not written back; 0: it was */
};

/* To be called before anything of either file is copied.  Without memory, nothing will be
   dropped.  */
struct dropbehind
dropbehind_begin(bool wanted, int source, int dest, bool old);

/* [FROM, END), DROPBEHIND_PIECE bytes at most, is about to be copied, and is read from
   now on.  */
void
dropbehind_enter(struct dropbehind *drop, off_t from, off_t end);

/* It was, and no mapping has it.  */
void
dropbehind_leave(struct dropbehind *drop);

/* Wait for what is being written back.  Return 0; or -1 with errno if not all could be
   written: the kernel reports that once, to the first that waits for the pages.  */
int
dropbehind_end(struct dropbehind *drop);

#endif
