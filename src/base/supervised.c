/* SPDX-License-Identifier: GPL-3.0-or-later */
/* supervised.c: the workers that a supervisor knows of.  */
#include "config.h"

#include "base/supervised.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

#include "base/counts.h"

enum { PIDS = 2 * WORKERS_MAX };	/* workers of a tree, and of a large file */

static _Atomic int *workers;		/* process IDs, shared; 0: unused */

int
supervised_share(void)
{
	void *const share = mmap(NULL, PIDS * sizeof *workers, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (share == MAP_FAILED)
		return -1;
	workers = share;
	return 0;
}

void
supervised_unshare(void)
{
	munmap(workers, PIDS * sizeof *workers);
	workers = NULL;
}

bool
supervised_is_on(void)
{
	return workers != NULL;
}

void
supervised_note(pid_t pid, bool runs)
{
	if (workers == NULL)
		return;
	for (unsigned i = 0; i < PIDS; i++) {
		int is = runs ? 0 : pid;
		if (atomic_compare_exchange_strong(&workers[i], &is, runs ? pid : 0))
			return;
	}
}

void
supervised_each(void (*call)(void *context, pid_t pid), void *context)
{
	for (unsigned i = 0; i < PIDS; i++) {
		const pid_t pid = workers[i];

		if (pid != 0)
			call(context, pid);
	}
}
