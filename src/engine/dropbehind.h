/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_DROPBEHIND_H
#define MMCP_ENGINE_DROPBEHIND_H

#include <stdbool.h>
#include <sys/types.h>

#include "engine/pagecache.h"

/* Drop behind: pages that a copy brings into memory are dropped when they are written
   back, and those that were there before stay.  For one process, in file order or
   not.  */

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

/* Begin to drop behind, if WANTED, before anything is copied from SOURCE to DEST (open;
   -1: not a regular file).  OLD: DEST may have pages already.  Without memory, nothing
   will be dropped.  */
struct dropbehind
dropbehind_begin(bool wanted, int source, int dest, bool old);

/* Begin a piece: [FROM, END), at most DROPBEHIND_PIECE bytes, is about to be copied.
   Start to read it from the device.  */
void
dropbehind_enter(struct dropbehind *drop, off_t from, off_t end);

/* End the piece: it was copied, and is no longer mapped.  */
void
dropbehind_leave(struct dropbehind *drop);

/* Wait for what is being written back.  Return 0; or -1 with errno if not all could be
   written: the kernel reports that once, to the first that waits for the pages.  */
int
dropbehind_end(struct dropbehind *drop);

#endif
