/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crew.c: fork workers, share memory with them, reap them, leave none behind.  */
#include "config.h"

#include "base/crew.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/dirty.h"
#include "base/namespace.h"
#include "base/signals.h"
#include "base/statusfile.h"
#include "base/supervised.h"
#include "base/timer.h"
#include "base/totals.h"
#include "base/writebehind.h"

/* libatomic's locks work within one process only.  */
static_assert(__atomic_always_lock_free(sizeof(_Atomic long long), 0),
	      "processes can share counts of 64 bits without locks");

static unsigned most;

unsigned
crew_most(void)
{
	return most;
}

void
crew_open(struct crew *crew)
{
	memset(crew, 0, sizeof *crew);
	totals_share();
	signals_catch_stop(true);
}

/* Return whether this process can have workers; asked once.  */
static bool
can_fork(void)
{
	static int can = -1;

	if (can < 0)
		can = !namespace_is_new();
	return can != 0;
}

/* Count what this worker, which began at BEGUN, has waited.  */
static void
count_wait(uint64_t begun)
{
	const uint64_t passed = clock_now() - begun, worked = clock_processor();

	if (passed > worked)
		totals_add(COUNT_WAITED, passed - worked);
}

int
crew_fork(struct crew *crew, unsigned worker, crew_work *work, void *context)
{
	const pid_t parent = getpid();

	if (!can_fork()) {
		errno = EAGAIN;
		return -1;
	}
	const unsigned counts = totals_assign();
	signals_block();	/* The child dies of a signal that comes now.  */
	const pid_t pid = fork();
	if (pid == 0) {
		signals_reset();
		timer_is_worker();
		writebehind_is_worker(counts);
		totals_is(counts);
		statusfile_is_worker();
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* The parent died before prctl took effect; or this is another PID
		   namespace, and there is no /proc to show it.  */
		if (getppid() != parent && getppid() != 0)
			_exit(1);
		const uint64_t begun = clock_now();
		const int ret = work(context, worker);
		count_wait(begun);
		_exit(ret < 0 ? 1 : 0);
	}
	signals_unblock();
	if (pid < 0) {
		totals_release(counts);
		return -1;
	}
	crew->counts[worker] = counts;
	crew->pids[worker] = pid;
	crew->killed[worker] = false;
	supervised_note(pid, true);
	crew->living++;
	if (crew->living > most)
		most = crew->living;
	return 0;
}

static void
signal_all(const struct crew *crew, int signo)
{
	for (unsigned i = 0; i < WORKERS_MAX; i++)
		if (crew->pids[i] != 0)
			kill(crew->pids[i], signo);
}

/* Stop and continue the workers with us, after a SIGTSTP that may have come for us
   alone.  */
static void
stop_together(const struct crew *crew)
{
	signal_all(crew, SIGSTOP);
	raise(SIGSTOP);
	signal_all(crew, SIGCONT);
}

/* Worker I was reaped.  */
static void
forget(struct crew *crew, unsigned i)
{
	supervised_note(crew->pids[i], false);
	totals_release(crew->counts[i]);
	crew->left += dirty_release(crew->counts[i]);
	crew->pids[i] = 0;
}

/* Reap one worker that has ended, without waiting.  Return 1, or 0 if all still run.  */
static int
reap(struct crew *crew, unsigned *worker, int *status)
{
	for (unsigned i = 0; i < WORKERS_MAX; i++) {
		if (crew->pids[i] == 0)
			continue;
		const pid_t got = waitpid(crew->pids[i], status, WNOHANG);
		if (got == 0 || (got < 0 && errno == EINTR))
			continue;
		if (got < 0)	/* Another wait has reaped it.  */
			*status = SIGKILL;
		forget(crew, i);
		crew->killed[i] = WIFSIGNALED(*status);
		crew->living--;
		*worker = i;
		return 1;
	}
	return 0;
}

void
crew_stop_if_asked(const struct crew *crew)
{
	if (signals_stop_wanted())
		stop_together(crew);
}

int
crew_poll(struct crew *crew, struct pollfd *fds, nfds_t n, unsigned *worker, int *status)
{
	int ret = 0;

	signals_block();
	if (signals_fatal() != 0) {
		ret = -1;
	} else if (crew->ended || signals_child_ended()) {
		/* One signal may stand for several workers.  */
		ret = reap(crew, worker, status);
		crew->ended = ret > 0;
	} else {
		crew_stop_if_asked(crew);
		timer_check();
		signals_poll(fds, n, timer_left());
	}
	signals_unblock();
	return ret;
}

int
crew_wait(struct crew *crew, unsigned *worker, int *status)
{
	int ret = 0;

	*worker = 0;		/* compilers can't see that it is set below */
	*status = 0;
	while (crew->living > 0 && ret == 0)
		ret = crew_poll(crew, NULL, 0, worker, status);
	return ret;
}

void
crew_dismiss(struct crew *crew)
{
	const struct timespec tick = { .tv_nsec = 2000000 };
	/* The supervisor waits less than a second for all processes.  */
	const int limit = supervised_is_on() ? 200 : 500;
	unsigned worker;
	int status;

	/* Workers ignore the signals that the parent ignored, but not this one.  */
	signal_all(crew, signals_fatal() != 0 ? signals_fatal() : SIGTERM);
	signal_all(crew, SIGCONT);	/* One that is stopped may have a lock.  */
	for (int ticks = 0; crew->living > 0 && ticks < limit; ticks++)
		if (reap(crew, &worker, &status) == 0)
			nanosleep(&tick, NULL);
}

void
crew_leave(struct crew *crew)
{
	const struct timespec tick = { .tv_nsec = 5000000 };
	unsigned worker;
	int status;

	for (int ticks = 0; crew->living > 0 && ticks < 100; ticks++)
		if (reap(crew, &worker, &status) == 0)
			nanosleep(&tick, NULL);
	signal_all(crew, SIGKILL);
	for (unsigned i = 0; i < WORKERS_MAX; i++)
		if (crew->pids[i] != 0)
			forget(crew, i);
	crew->living = 0;
}

void
crew_close(struct crew *crew)
{
	signal_all(crew, SIGKILL);
	for (unsigned i = 0; i < WORKERS_MAX; i++) {
		while (crew->pids[i] != 0 && waitpid(crew->pids[i], NULL, 0) < 0
		       && errno == EINTR)
			;
		if (crew->pids[i] != 0)
			forget(crew, i);
	}
	crew->living = 0;
	signals_catch_stop(false);
	if (signals_stop_wanted())	/* It came after they had ended.  */
		raise(SIGTSTP);
}

void *
crew_share(size_t size)
{
	void *const share = mmap(NULL, size, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return share == MAP_FAILED ? NULL : share;
}

void
crew_unshare(void *share, size_t size)
{
	munmap(share, size);
}

void
crew_lower(_Atomic uint64_t *count, uint64_t value)
{
	uint64_t known = atomic_load(count);

	while (value < known && !atomic_compare_exchange_weak(count, &known, value))
		;
}
