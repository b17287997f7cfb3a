/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peerranges.c: ranges of large files, as tasks.  A range is given away when a walker
   is idle anywhere.  Who takes it asks whether it still is to be copied: its worker, in
   the crew of the file, takes it back if that lasts too long.  The names by which the
   files are found are those of their open descriptors, and the inode numbers have to be
   right.  */
#include "config.h"

#include "tree/peers.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/signals.h"
#include "engine/far.h"
#include "tree/peerdevice.h"
#include "tree/peerhomes.h"
#include "tree/peerstate.h"
#include "tree/position.h"

/* After so many nanoseconds in a queue, a range is taken back.  */
#define PATIENCE UINT64_C(200000000)

/* How long to wait between two looks, at first and at most; nanoseconds.  */
enum { PAUSE_LEAST = 50000, PAUSE_MOST = 2000000 };

/* More workers of a file would wait for each other.  */
enum { WORKERS_FAR = 16 };

/* What a task has of a range; both names follow.  */
struct job {
	unsigned rank, slot, turn;
	dev_t source_dev, dest_dev;	/* as at rank 0 */
	ino_t source_ino, dest_ino;
	off_t from, to;
	bool sync, maps, hashed;
};

static struct queue *shared;

/* ---- at home, in a worker of a file ---- */

static bool
is_wanted(void)
{
	return shared != NULL
		&& atomic_load_explicit(&shared->wanted, memory_order_relaxed) > 0;
}

/* Put the name of FD at *AT, and move that behind it; set *DEV and *INO.  Return 0, or
   -1.  */
static int
describe(int fd, char **at, dev_t *dev, ino_t *ino)
{
	struct stat st;
	const ssize_t len = readlink(descriptor_path(fd).text, *at, PATH_MAX);

	if (len <= 0 || len == PATH_MAX || **at != '/' || fstat(fd, &st) < 0)
		return -1;
	(*at)[len] = '\0';
	*at += len + 1;
	*dev = peerdevice_out(st.st_dev);
	*ino = st.st_ino;
	return 0;
}

/* Return a slot of ours; NULL if all are taken.  */
static struct range *
take_slot(void)
{
	for (unsigned i = 0; i < QUEUE_RANGES; i++) {
		enum range_state is = RANGE_FREE;
		if (atomic_compare_exchange_strong(&shared->ranges[i].state, &is,
						   RANGE_TAKEN))
			return &shared->ranges[i];
	}
	return NULL;
}

/* Give RANGE away, for SLOT.  Return 0, or -1 if that can't be.  */
static int
give(struct range *slot, const struct far_range *range)
{
	static struct task task;
	struct job job = {
		.rank = ranks_own(), .slot = (unsigned) (slot - shared->ranges),
		.turn = atomic_fetch_add(&slot->number, 1) + 1,
		.from = range->from, .to = range->to, .sync = range->sync,
		.maps = range->maps, .hashed = range->hashes != NULL,
	};
	char *at = task.data + sizeof job;

	if (describe(range->source, &at, &job.source_dev, &job.source_ino) < 0
	    || describe(range->dest, &at, &job.dest_dev, &job.dest_ino) < 0)
		return -1;
	memcpy(task.data, &job, sizeof job);
	task.range = true;
	task.directories = false;
	task.tries = 0;
	task.from = task.to = task.dir = 0;
	task.names = (uint32_t) (at - task.data);
	atomic_store(&slot->state, RANGE_GIVEN);
	return queue_give(shared, NULL, &task);
}

/* Wait until SLOT's range is copied, or can be taken back.  Return the state then.  */
static enum range_state
await(struct range *slot)
{
	const uint64_t begun = clock_now();
	struct timespec pause = { .tv_nsec = PAUSE_LEAST };

	for (;;) {
		enum range_state is = atomic_load(&slot->state);
		if (is == RANGE_DONE || is == RANGE_FAILED)
			return is;
		if (signals_fatal() != 0)
			return RANGE_FAILED;
		if (is == RANGE_GIVEN && clock_now() - begun > PATIENCE
		    && atomic_compare_exchange_strong(&slot->state, &is, RANGE_TAKEN))
			return RANGE_TAKEN;
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < PAUSE_MOST)
			pause.tv_nsec *= 2;
	}
}

static int
copy(struct far_range *range, struct error *error)
{
	struct range *const slot = take_slot();
	int ret = 0;

	if (slot == NULL)
		return error_set(error, ERROR_REFUSED, EBUSY);
	const enum range_state is = give(slot, range) < 0 ? RANGE_TAKEN : await(slot);
	if (is == RANGE_DONE) {
		range->engine = slot->engine;
		range->reached = slot->reached;
		if (range->hashes != NULL)
			memcpy(range->hashes, slot->hashes, sizeof slot->hashes);
	} else if (signals_fatal() != 0) {
		return error_set(error, ERROR_INTERRUPTED, EINTR);
	} else if (is == RANGE_FAILED) {
		*error = slot->error;
		ret = -1;
	} else {
		ret = error_set(error, ERROR_REFUSED, EBUSY);
	}
	atomic_store(&slot->state, RANGE_FREE);
	return ret;
}

void
peers_share_files_by(struct queue *queue)
{
	shared = queue;
}

void
peers_share_files(void)
{
	const unsigned others = ranks_count() - 1;
	const struct far_calls calls = {
		.workers = others < WORKERS_FAR ? others : WORKERS_FAR,
		.is_wanted = is_wanted, .copy = copy,
	};

	if (ranks_are_many())
		far_begin(&calls);
}

/* ---- at home, in the parent ---- */

bool
peerranges_serve(const struct peercall *call, const void *data)
{
	struct range *const slot = peers.queue == NULL ? NULL
		: &peers.queue->ranges[call->slot];
	enum range_state is = RANGE_GIVEN;

	if (slot == NULL || atomic_load(&slot->number) != call->turn)
		return false;
	/* Who had begun may have died.  */
	if (call->what == PEERCALL_BEGIN)
		return atomic_compare_exchange_strong(&slot->state, &is, RANGE_BEGUN)
			|| is == RANGE_BEGUN;
	if (atomic_load(&slot->state) != RANGE_BEGUN)
		return false;
	slot->engine = call->engine;
	slot->reached = call->reached;
	if (call->len > 0 && call->len <= sizeof slot->hashes)
		memcpy(slot->hashes, data, call->len);
	slot->error = call->error;
	atomic_store(&slot->state, call->error.step == ERROR_NO_STEP ? RANGE_DONE
		     : RANGE_FAILED);
	return true;
}

/* ---- who takes it ---- */

/* Open NAME with FLAGS, if it is file INO on DEV.  Return a descriptor; or -1.  */
static int
open_named(const char *name, int flags, dev_t dev, ino_t ino)
{
	struct stat st;
	const int fd = open(name, flags | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_ino == ino
	    && peerdevice_out(st.st_dev) == dev)
		return fd;
	close(fd);
	errno = ESTALE;
	return -1;
}

/* Copy what JOB says, whose names are at NAMES, and set HASHES if it is hashed.  Return
   0, or -1 with an error.  */
static int
copy_range(const struct job *job, const char *names, struct far_range *range,
	struct blockhash *hashes, struct error *error)
{
	const char *const dest = names + strlen(names) + 1;
	int ret = -1;

	*range = (struct far_range) { .source = -1, .dest = -1, .from = job->from,
				      .to = job->to, .sync = job->sync,
				      .maps = job->maps,
				      .hashes = job->hashed ? hashes : NULL };
	range->source = open_named(names, O_RDONLY, job->source_dev, job->source_ino);
	if (range->source >= 0)
		range->dest = open_named(dest, job->maps ? O_RDWR : O_WRONLY,
					 job->dest_dev, job->dest_ino);
	if (range->dest < 0)
		error_set(error, ERROR_REFUSED, errno);
	else
		ret = far_serve(range, error);
	/* A network file system may say only now what went wrong.  */
	if (range->dest >= 0 && close(range->dest) < 0 && ret == 0)
		ret = error_set(error, ERROR_CLOSE, errno);
	if (range->source >= 0)
		close(range->source);
	return ret;
}

void
peers_serve_range(struct task *task)
{
	struct far_range range = { .reached = 0 };
	struct blockhash hashes[FAR_BLOCKS] = { 0 };
	struct error error = ERROR_NONE;
	struct job job;

	memcpy(&job, task->data, sizeof job);
	struct peercall call = { .what = PEERCALL_BEGIN, .home = job.rank,
				 .slot = job.slot, .turn = job.turn };
	if (!peercalls_call(&call, NULL) || !call.there)
		return;
	if (task->tries++ >= POSITION_DEATHS)
		error_set(&error, ERROR_REFUSED, EOWNERDEAD);
	else if (copy_range(&job, task->data + sizeof job, &range, hashes, &error) < 0
		 && signals_fatal() != 0)
		return;		/* Another walker does it again.  */
	call.what = PEERCALL_FINISH;
	call.engine = range.engine;
	call.reached = range.reached;
	call.error = error;
	call.len = job.hashed ? sizeof hashes : 0;
	peercalls_call(&call, hashes);
}
