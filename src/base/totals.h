/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_TOTALS_H
#define MMCP_BASE_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counts.h"

/* The counts of the whole run.  Parent and workers each have a set of their own in shared
   memory; reading a total sums them.  */

/* Add N to WHAT.  */
void
totals_add(enum count what, uint64_t n);

/* Return the set of this process.  */
struct counts *
totals_own(void);

/* Add what COUNTS has of one file that was copied.  */
void
totals_add_file(const struct counts *counts);

/* An engine has moved N more bytes of a file: add them to ENGINE (COUNT_KERNEL, say) in
   the file's COUNTS and to COUNT_MOVED, wait if that was faster than the rate limit, and
   run the timer if it is due.  */
void
totals_moved(struct counts *counts, enum count engine, uint64_t n);

/* Return what parent and workers have counted of WHAT.  */
uint64_t
totals_read(enum count what);

/* Return how much of what was counted as TO_DO isn't counted as DONE yet.  */
uint64_t
totals_left(enum count to_do, enum count done);

/* Set *COUNTS to what parent and workers have counted.  */
void
totals_read_all(struct counts *counts);

/* Before the first fork: put the counts into shared memory.  Without memory for that,
   what workers count is lost.  */
void
totals_share(void);

/* Assign a set to a worker that is about to be forked, by whichever process.  Return its
   number, for totals_is and totals_release.  */
unsigned
totals_assign(void);

/* In the worker: count in set NUMBER.  */
void
totals_is(unsigned number);

/* Return the number behind the last that was ever assigned.  */
unsigned
totals_numbers(void);

/* Return whether a worker has set NUMBER, and put the bytes that were moved under that
   number into *MOVED.  */
bool
totals_runs(unsigned number, uint64_t *moved);

/* Set NUMBER is what another rank has counted: COUNTS.  */
void
totals_set(unsigned number, const struct counts *counts);

/* The worker with set NUMBER has ended.  What it counted stays.  */
void
totals_release(unsigned number);

#endif
