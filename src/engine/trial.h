/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_TRIAL_H
#define MMCP_ENGINE_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/way.h"

/* The trial of a copy: which of several ways moves its bytes fastest.  The first windows
   of the file are moved in each way in turn, and timed.  The fastest way goes on, and is
   compared with the others again now and then.  It asks no clock: the caller tells how
   long a window took.  See doc/decisions/018-the-first-windows-decide.md.  */

/* What plan.c wants to have tried.  */
struct trial_plan {
	unsigned ways;		/* the set of ways that may be used */
	enum way first;		/* the one that goes on if none is clearly faster */
	uint64_t window;	/* bytes that are timed at a time; 0: no trial, FIRST */
	bool later;		/* others than FIRST are not tried at first, but if it
				   becomes slow, or after a pause */
};

struct trial_way {
	uint64_t pace;		/* nanoseconds for a MiB, in its fastest window */
	unsigned windows;	/* timed since the look began */
};

struct trial {
	unsigned ways;		/* that may still be used */
	enum way best;		/* goes on */
	uint64_t window;	/* bytes; 0: no trial */
	bool looking;		/* windows of each way are being timed */
	unsigned slow;		/* windows in a row that should have been faster */
	uint64_t pace;		/* nanoseconds for a MiB, of late; 0: unknown */
	uint64_t fastest;	/* the same, in the fastest window since the last look */
	uint64_t expected;	/* the same, by another worker; 0: unknown */
	uint64_t moved;		/* bytes since the last look */
	uint64_t pause;		/* bytes from that look to the next */
	struct trial_way way[WAYS];
};

/* Begin the trial that PLAN wants.  */
struct trial
trial_begin(const struct trial_plan *plan);

/* Return how many of LEN bytes are the next window.  */
uint64_t
trial_window(const struct trial *trial, uint64_t len);

/* Return the way of the next window, of BYTES: the best one, if they are less than half a
   window, which isn't timed.  */
enum way
trial_next(const struct trial *trial, uint64_t bytes);

/* BYTES were moved in WAY, which took TIME nanoseconds.  */
void
trial_took(struct trial *trial, enum way way, uint64_t bytes, uint64_t time);

/* Another worker moves SPEED bytes in a millisecond (0: unknown).  A way that takes
   several times as long is doubted.  */
void
trial_expect(struct trial *trial, uint64_t speed);

/* WAY can't be used any more.  Return whether another one is left.  */
bool
trial_exclude(struct trial *trial, enum way way);

/* WAY can be used, too; it goes on if there is no other.  */
void
trial_allow(struct trial *trial, enum way way);

/* Return the bytes that were moved in a millisecond of late; 0 if unknown.  */
uint64_t
trial_speed(const struct trial *trial);

/* Set TIMES to what was measured.  */
void
trial_tell(const struct trial *trial, struct way_times *times);

#endif
