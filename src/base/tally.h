/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_TALLY_H
#define MMCP_BASE_TALLY_H

#include <stdint.h>

enum { WORKERS_MAX = 1024 };	/* -j N is held to this */

/* One set of counts: what the copy of one file did.  */
struct tally {
	uint64_t copied;		/* bytes moved */
	uint64_t by_kernel;		/* of them, by copy_file_range, */
	uint64_t by_hand;		/* read, or mapped, and written, */
	uint64_t direct;		/* and past the page cache; the rest, by mappings */
	uint64_t cloned;		/* bytes shared with the source, none moved */
	unsigned workers;		/* forked for it; 0: the parent alone */
	unsigned workers_lost;		/* that died and were replaced */
	uint64_t moved[WORKERS_MAX];	/* bytes, by worker; only so many are set */
};

/* How the bytes of a file came to be where they are.  */
struct ways {
	uint64_t cloned, holes, by_kernel, by_map, by_hand, direct;
};

/* All zero, but for what nobody reads: a small file has no time for 8 KiB.  */
static inline void
tally_clear(struct tally *tally)
{
	tally->copied = tally->by_kernel = tally->by_hand = tally->direct = tally->cloned = 0;
	tally->workers = tally->workers_lost = 0;
}

/* A source of which bytes were counted has only SIZE now: count no more than these.  */
static inline void
tally_trim(struct tally *tally, uint64_t size)
{
	uint64_t *const kinds[] = { &tally->by_hand, &tally->by_kernel, &tally->direct };
	uint64_t left;

	if (tally->copied <= size)
		return;
	tally->copied = left = size;
	for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		*kinds[i] = *kinds[i] < left ? *kinds[i] : left;
		left -= *kinds[i];
	}
}

#endif
