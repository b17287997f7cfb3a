/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_COUNTS_H
#define MMCP_BASE_COUNTS_H

#include <stddef.h>
#include <stdint.h>

/* What is counted while it happens, by whoever does it: parent and workers, each in a
   place of its own, in memory that they share.  Whoever tells of it only reads.  */

enum count {
	COUNT_FOUND,		/* files whose content is to be copied, */
	COUNT_OPENED,		/* of them, those whose size is known, */
	COUNT_EXPECTED,		/* and these sizes, in bytes */
	COUNT_MOVED,		/* bytes in place so far, also of files that fail later */
	COUNT_FLUSHING,		/* bytes that are to be on the device before we go on, */
	COUNT_FLUSHED,		/* and those that are */
	COUNT_FILES,		/* files that are whole, */
	COUNT_FOLLOWED,		/* those of them that were changed meanwhile, */
	COUNT_ROUNDS,		/* and the rounds that it took to follow them */
	COUNT_BYTES,		/* the sizes of those that are whole; of these bytes, */
	COUNT_CLONED,		/* shared with the source */
	COUNT_HOLES,		/* not there, and so not moved */
	COUNT_BY_KERNEL,	/* moved by copy_file_range */
	COUNT_BY_MAP,		/* between mappings */
	COUNT_BY_HAND,		/* by read and write */
	COUNT_DIRECT,		/* the same, past the page cache */
	COUNTS
};

/* Count N more.  */
void
counts_add(enum count what, uint64_t n);

/* N more bytes have moved: count them, wait if that was too fast (ratelimit.h), and do
   what is due now (timer.h).  */
void
counts_moved(uint64_t n);

/* All that parent and workers have counted.  */
uint64_t
counts_read(enum count what);

/* Before the first fork: what is counted from now on is seen by all.  Where there is no
   memory for it, what workers count is lost.  */
void
counts_share(void);

/* In a worker: count in its own place.  */
void
counts_is_worker(unsigned worker);

#endif
