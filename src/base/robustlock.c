/* SPDX-License-Identifier: GPL-3.0-or-later */
/* robustlock.c: a robust mutex that processes share.  */
#include "config.h"

#include "base/robustlock.h"

#include <errno.h>

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

void
robustlock_release(struct robustlock *lock)
{
	pthread_mutex_unlock(&lock->mutex);
}
