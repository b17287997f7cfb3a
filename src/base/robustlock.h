/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_ROBUSTLOCK_H
#define MMCP_BASE_ROBUSTLOCK_H

#include <pthread.h>
#include <stdbool.h>

/* A lock in memory that processes share, which survives the death of its holder.  */
struct robustlock {
	pthread_mutex_t mutex;
};

/* Make LOCK, which nobody holds.  Return 0, or -1 with errno.  */
int
robustlock_make(struct robustlock *lock);

/* Take LOCK, and wait for that.  Return true if its last holder died with it: then what
   it protects may be half changed, and the caller mends it.  */
bool
robustlock_take(struct robustlock *lock);

/* The same for a process that must answer signals, whatever the holder does: return 1 or
   0 for true or false; or -1 if a signal asks the program to end, and LOCK isn't
   free.  */
int
robustlock_take_or_end(struct robustlock *lock);

void
robustlock_release(struct robustlock *lock);

#endif
