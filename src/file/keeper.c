/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keeper.c: data, flush, bit, flush.  Data is written to the device piece by piece, since
   a process that waits for much of it can't be ended meanwhile.  */
#include "config.h"

#include "file/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/descriptor.h"
#include "base/signals.h"

/* The copy is flushed after each eighth of it, or each so many bytes; and after so many
   nanoseconds if it is slow.  A flush of a few bytes costs a device as much as one of
   many.  */
#define FLUSH_LEAST (UINT64_C(8) << 20)
#define FLUSH_MOST (UINT64_C(256) << 20)
#define FLUSH_AFTER UINT64_C(5000000000)
enum { FLUSH_PART = 8 };

/* Milliseconds between looks; blocks of a piece.  */
enum { LOOK = 20, PIECE = 16 };

enum { KEEP, FINISH, STOP };

struct keeper_share {
	_Atomic unsigned wish;
	_Atomic int err;	/* of a flush */
	_Atomic bool sealed;	/* something was */
	_Atomic bool done;	/* the wish was fulfilled */
};

/* What the process works with.  */
struct work {
	const struct keeper *keeper;
	const struct journalfile *journal;
	const struct blockmarks *marks;
	int data, dir;
	unsigned char *placed;	/* blocks that were in the copy before the last flush */
	unsigned char *before;	/* blocks that are sealed */
	size_t count;		/* of both, whole groups */
};

/* ---- one round ---- */

/* Note that the data couldn't be written, for the reason errno, if it is one.  Return
   whether it isn't, but a call that the file system lacks.  */
static bool
is_harmless(const struct work *work)
{
	if (!error_is_final(errno))
		return true;
	atomic_store(&work->keeper->share->err, errno);
	return false;
}

/* Begin, or wait, with FLAGS of sync_file_range(2), for pieces that have something new.
   Return whether the process is to go on.  An error that is reported here, fdatasync
   won't report again.  */
static bool
write_pieces(const struct work *work, unsigned flags)
{
	for (size_t i = 0; i < work->marks->count; i += PIECE) {
		const size_t left = work->count - i;
		const size_t n = left < PIECE ? left : PIECE;
		if (memcmp(work->placed + i, work->before + i, n) == 0)
			continue;
		if (atomic_load(&work->keeper->share->wish) == STOP)
			return false;
		if (sync_file_range(work->data, (off_t) i * BLOCKHASH_BLOCK,
				    (off_t) n * BLOCKHASH_BLOCK, flags) < 0
		    && !is_harmless(work))
			return false;
	}
	return true;
}

/* Have what is in the copy now on the device, and seal it.  Return whether to go on.  */
static bool
keep(struct work *work)
{
	for (size_t i = 0; i < work->marks->count; i++)
		work->placed[i] = atomic_load(&work->marks->of[i]) != BLOCKMARK_NONE;
	if (!write_pieces(work, SYNC_FILE_RANGE_WRITE)
	    || !write_pieces(work, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE
			     | SYNC_FILE_RANGE_WAIT_AFTER))
		return false;
	if (fdatasync(work->data) < 0) {
		atomic_store(&work->keeper->share->err, errno);
		return false;
	}
	if (atomic_load(&work->marks->lost)
	    || journalfile_seal(work->journal, work->placed, work->before) < 0
	    || journalfile_sync(work->journal) < 0)
		return false;
	atomic_store(&work->keeper->share->sealed, true);
	memcpy(work->before, work->placed, work->count);
	return true;
}

/* ---- the process ---- */

/* Return how many bytes are worth a flush.  */
static uint64_t
enough(const struct work *work)
{
	const uint64_t part = work->journal->size / FLUSH_PART;

	return part < FLUSH_LEAST ? FLUSH_LEAST : part < FLUSH_MOST ? part : FLUSH_MOST;
}

/* Keep the journal until another wish comes.  */
static void
keep_on(struct work *work)
{
	struct pollfd bell = { .fd = work->keeper->bell, .events = POLLIN };
	uint64_t kept = 0, then = clock_now();
	unsigned wish;

	while ((wish = atomic_load(&work->keeper->share->wish)) == KEEP) {
		const uint64_t placed = atomic_load(&work->marks->placed);
		const bool due = placed - kept >= enough(work)
			|| (placed > kept && clock_now() - then >= FLUSH_AFTER);
		if (due && !keep(work))
			return;
		if (due) {
			kept = placed;
			then = clock_now();
		} else {
			poll(&bell, 1, LOOK);
		}
	}
	atomic_store(&work->keeper->share->done, wish == STOP || keep(work));
}

/* A crew_work.  */
static int
keeper_work(void *context, unsigned number)
{
	struct work *const work = context;
	sigset_t signals;

	(void) number;
	/* A ^C is for the whole group of processes, but this one is asked to end.  */
	signals_fatal_set(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	work->count = (size_t) journal_groups(work->journal->size, work->journal->chunk)
		* JOURNAL_GROUP;
	work->placed = calloc(work->count, 1);
	work->before = calloc(work->count, 1);
	if (work->placed == NULL || work->before == NULL)
		return -1;
	for (size_t i = 0; i < work->marks->count; i++)
		work->before[i] = atomic_load(&work->marks->of[i]) >= BLOCKMARK_RESUMED;
	/* Without its name, the journal is of no use.  */
	if (descriptor_sync_directory(work->dir, ".") == 0)
		keep_on(work);
	return 0;
}

/* Free what KEEPER shares with its process.  */
static void
release(struct keeper *keeper)
{
	crew_unshare(keeper->share, sizeof *keeper->share);
	if (keeper->bell >= 0)
		close(keeper->bell);
	keeper->share = NULL;
}

/* Fork the process for WORK.  Return 0, or -1 with errno.  */
static int
fork_keeper(struct keeper *keeper, struct work *work)
{
	keeper->share = crew_share(sizeof *keeper->share);
	if (keeper->share == NULL)
		return -1;
	keeper->bell = bell_new();
	crew_open(&keeper->crew);
	return crew_fork(&keeper->crew, 0, keeper_work, work);
}

int
keeper_start(struct keeper *keeper, const struct journalfile *journal,
	const struct blockmarks *marks, int data, int dir)
{
	struct work work = { .keeper = keeper, .journal = journal, .marks = marks,
			     .data = data, .dir = dir };

	keeper->sealed = keeper->failed = false;
	const int ret = fork_keeper(keeper, &work);
	const int err = errno;
	close(data);
	if (ret < 0 && keeper->share != NULL) {
		crew_close(&keeper->crew);
		release(keeper);
	}
	errno = err;
	return ret;
}

/* Return whether the process has ended, which nobody has asked it to.  */
static bool
has_ended(const struct crew *crew)
{
	siginfo_t info = { .si_pid = 0 };

	return crew->living == 0
		|| (waitid(P_PID, (id_t) crew->pids[0], &info,
			   WEXITED | WNOHANG | WNOWAIT) < 0 ? errno == ECHILD
		    : info.si_pid != 0);
}

/* Wait until the process ends.  A signal that ends the program ends this, too.  Somebody
   may have stopped the process, or do so again: it is continued each time, so that the
   wait is for the device alone.  */
static void
wait_for(struct crew *crew)
{
	const struct itimerspec often = { .it_value.tv_nsec = 50000000,
					  .it_interval.tv_nsec = 50000000 };
	const int tick = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	struct pollfd ticks = { .fd = tick, .events = POLLIN };
	uint64_t times;
	unsigned worker;
	int status;

	if (tick >= 0)
		timerfd_settime(tick, 0, &often, NULL);
	crew->ended = true;	/* Others may have heard of it.  */
	do {
		if (crew->pids[0] != 0)
			kill(crew->pids[0], SIGCONT);
		if (read(tick, &times, sizeof times) < 0)
			times = 0;
	} while (crew->living > 0
		 && crew_poll(crew, &ticks, tick >= 0, &worker, &status) >= 0);
	if (tick >= 0)
		close(tick);
}

int
keeper_stop(struct keeper *keeper, bool finish, struct error *error)
{
	struct keeper_share *const share = keeper->share;

	if (share == NULL)
		return 0;
	const bool ended = has_ended(&keeper->crew);
	atomic_store(&share->wish, finish ? FINISH : STOP);
	if (keeper->bell >= 0)
		bell_ring(keeper->bell);
	wait_for(&keeper->crew);
	if (keeper->crew.living > 0)
		crew_leave(&keeper->crew);
	crew_close(&keeper->crew);
	const int err = atomic_load(&share->err);
	keeper->sealed = atomic_load(&share->sealed);
	/* One that was killed by a signal for all has said what it could.  */
	keeper->failed = ended
		|| (signals_fatal() == 0 && !atomic_load(&share->done));
	release(keeper);
	return err == 0 ? 0 : error_set(error, ERROR_FLUSH, err);
}
