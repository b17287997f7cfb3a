/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forecast.c: a process beside the copy that looks ahead.  */
#include "config.h"

#include "base/forecast.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/namespace.h"
#include "base/signals.h"
#include "base/supervised.h"
#include "base/timer.h"

/* Nanoseconds that are used at a time, and how many times as long it sleeps then.  */
enum { USED = 500000, REST = 9 };

static pid_t child;

/* Close all descriptors but KEEP: a file that the copy closes is closed, and a pipe that
   it leaves has ended.  Return KEEP's new number.  */
static int
close_others(int keep)
{
	enum { FIRST = 3, MOST = 1024 };
	const int none = open("/dev/null", O_RDWR | O_CLOEXEC);
	const int kept = keep < 0 || keep == FIRST ? keep : dup2(keep, FIRST);

	for (int fd = 0; fd < FIRST; fd++)
		dup2(none, fd);
	for (int fd = FIRST; fd < MOST; fd++)
		if (fd != kept)
			close(fd);
	return kept;
}

const struct forecast *
forecast_start(forecast_work *work, void *context, int keep)
{
	const pid_t parent = getpid();

	if (namespace_is_new())
		return NULL;
	struct forecast *const shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
					     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return NULL;
	signals_block();
	child = fork();
	if (child == 0) {
		signals_reset();
		timer_is_worker();
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent && getppid() != 0)
			_exit(1);
		work(context, shared, close_others(keep));
		_exit(0);
	}
	signals_unblock();
	if (child > 0) {
		supervised_note(child, true);
		return shared;
	}
	munmap(shared, sizeof *shared);
	return NULL;
}

void
forecast_rest(void)
{
	static uint64_t used;
	const uint64_t now = clock_processor(), since = now - used;

	if (since < USED)
		return;
	const uint64_t rest = REST * since;
	const struct timespec time = { .tv_sec = (time_t) (rest / 1000000000),
				       .tv_nsec = (long) (rest % 1000000000) };
	nanosleep(&time, NULL);
	used = clock_processor();
}

void
forecast_stop(void)
{
	if (child <= 0)
		return;
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	supervised_note(child, false);
	child = 0;
}
