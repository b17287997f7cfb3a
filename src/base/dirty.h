/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_DIRTY_H
#define MMCP_BASE_DIRTY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counts.h"

/* What all processes of a copy have in memory that is still to be written, as far as they
   write it behind the copy (writebehind.h).  All numbers are bytes.  */

/* Sets of counts (totals.c).  */
enum { DIRTY_PROCESSES = 2 * WORKERS_MAX + 1 };

enum dirty_mode { DIRTY_OFF, DIRTY_SAMPLE, DIRTY_ON };

/* Bytes in memory, and those of them that are on their way.  */
struct dirty_bytes {
	_Atomic int64_t held, sent;
};

struct dirty {
	_Atomic int mode;
	_Atomic bool waits;		/* a process had to wait */
	_Atomic bool remote;
	_Atomic uint64_t sampled;	/* sent on as a sample */
	_Atomic uint64_t begun;		/* that were ever held */
	_Atomic uint64_t written;
	_Atomic uint64_t earlier;	/* in memory since before the device was judged */
	_Atomic uint64_t left;		/* of workers that have ended */
	_Atomic int64_t limit;		/* that may be on their way */
	/* Of each process, by the number of its set of counts (totals.h).  */
	struct dirty_bytes all, each[DIRTY_PROCESSES];
	/* When the device's rate was last looked at, and what was written then.  */
	_Atomic uint64_t time, then;
};

/* NULL: nothing is written behind.  */
extern struct dirty *dirty;

/* Before the first fork: make it.  Without memory for that, it stays NULL.  */
void
dirty_share(void);

/* From now on, all processes send on and wait.  The device writes RATE bytes a second (0:
   unknown).  EARLIER bytes were written to memory before, and are on their way by other
   means.  REMOTE: there is a server, which may copy by itself in long steps.  */
void
dirty_begin(uint64_t rate, uint64_t earlier, bool remote);

/* Return whether that was called.  */
bool
dirty_is_on(void);

/* From now on, send on so much of what is copied that the device's speed shows, and don't
   wait.  */
void
dirty_sample(void);

/* LEN bytes were sent on as a part of the sample.  */
void
dirty_sampled_more(uint64_t len);

/* Return how many bytes of the sample were sent on, and set *FULL: there are no more to
   come.  */
uint64_t
dirty_sampled(bool *full);

/* Add HELD and SENT bytes, which may be negative, to those of the process NUMBER.  */
void
dirty_change(unsigned number, int64_t held, int64_t sent);

/* BYTES were written: look at the device's rate from time to time, and set the limit by
   it.  */
void
dirty_wrote(uint64_t bytes);

/* The worker NUMBER has ended.  Return how many bytes it held that nobody waits for now:
   those of one that died, or of one that ended before any process had to wait.  */
uint64_t
dirty_release(unsigned number);

/* Return the bytes that were copied and may not be on the device yet.  */
uint64_t
dirty_all(void);

/* The device has written all but LEFT of the EARLIER bytes.  */
void
dirty_earlier(uint64_t left);

#endif
