/* SPDX-License-Identifier: GPL-3.0-or-later */
/* robustlock.c: a robust mutex that processes share.  */
#include "config.h"

#include "base/robustlock.h"

#include <errno.h>
#include <time.h>

#include "base/signals.h"

/* How often who waits looks for a signal, in nanoseconds.  */
enum { LOOK_EVERY = 50000000 };

int
robustlock_make(struct robustlock *lock)
{
	pthread_mutexattr_t attr;
	int err = pthread_mutexattr_init(&attr);

	if (err == 0) {
		pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
		pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
		err = pthread_mutex_init(&lock->mutex, &attr);
		pthread_mutexattr_destroy(&attr);
	}
	errno = err;
	return err == 0 ? 0 : -1;
}

bool
robustlock_take(struct robustlock *lock)
{
	if (pthread_mutex_lock(&lock->mutex) != EOWNERDEAD)
		return false;
	pthread_mutex_consistent(&lock->mutex);
	return true;
}

int
robustlock_take_or_end(struct robustlock *lock)
{
	struct timespec until;
	int err;

	do {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += LOOK_EVERY;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		err = pthread_mutex_timedlock(&lock->mutex, &until);
		if (err == ETIMEDOUT && signals_fatal() != 0)
			return -1;
	} while (err == ETIMEDOUT);
	if (err == EOWNERDEAD)
		pthread_mutex_consistent(&lock->mutex);
	return err == EOWNERDEAD;
}

void
robustlock_release(struct robustlock *lock)
{
	pthread_mutex_unlock(&lock->mutex);
}
