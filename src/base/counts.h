/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_COUNTS_H
#define MMCP_BASE_COUNTS_H

#include <stddef.h>
#include <stdint.h>

/* What is counted while it happens, by whoever does it: parent and workers, each in a place
   of its own, in memory that they share.  Whoever tells of it only reads.  */

enum meter {
	METER_FOUND,		/* files whose content is to be copied, */
	METER_OPENED,		/* of them, those whose size is known, */
	METER_EXPECTED,		/* and these sizes, in bytes */
	METER_MOVED,		/* bytes in place so far, also of files that fail later */
	METER_FLUSHING,		/* bytes that are to be on the device before we go on, */
	METER_FLUSHED,		/* and those that are */
	METER_FILES,		/* files that are whole, */
	METER_FOLLOWED,		/* those of them that were changed meanwhile, */
	METER_ROUNDS,		/* and the rounds that it took to follow them */
	METER_BYTES,		/* the sizes of those that are whole; of these bytes, */
	METER_CLONED,		/* shared with the source */
	METER_HOLES,		/* not there, and so not moved */
	METER_BY_KERNEL,	/* moved by copy_file_range */
	METER_BY_MAP,		/* between mappings */
	METER_BY_HAND,		/* by read and write */
	METER_DIRECT,		/* the same, past the page cache */
	METERS
};

/* Count N more.  */
void
meter_add(enum meter what, uint64_t n);

/* N more bytes have moved: count them, wait if that was too fast (ratelimit.h), and do what is
   due now (timer.h).  */
void
meter_moved(uint64_t n);

/* All that parent and workers have counted.  */
uint64_t
meter_read(enum meter what);

/* Before the first fork: what is counted from now on is seen by all.  Where there is no
   memory for it, what workers count is lost.  */
void
meter_share(void);

/* In a worker: count in its own place.  */
void
meter_is_worker(unsigned worker);

#endif
