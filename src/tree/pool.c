/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pool.c: send batches of names to workers, and receive their results.  Each worker has a
   socket of its own and few batches: the one it works at, and the next, so that it
   needn't wait.  If a worker dies, we know its batches, and from shared memory how far it
   was, and do the rest ourselves.  */
#include "config.h"

#include "tree/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crew.h"
#include "base/signals.h"
#include "file/hiddenfile.h"
#include "tree/batch.h"
#include "tree/poolwork.h"

/* The most batches that a worker has: few, so that others can take the rest.  */
enum { DEPTH = 2 };

/* A worker whose batch takes less than this many nanoseconds gets more batches and
   reports several at once.  Each report lets us take its processor, while it may hold a
   lock that another worker waits for: 0.93 s instead of 0.97
   (doc/measurements.md#batches).  */
enum { DEPTH_IF_FAST = 8, FAST = 2000000 };

/* A batch, and what only the parent knows of it.  */
struct task {
	struct batch batch;
	struct dirpair *dir[BATCH_DIRS];
	void *tag[BATCH_ITEMS];
	bool failed[BATCH_ITEMS];
	struct task *next;	/* of the same worker, or spare */
};

struct pool_worker {
	int fd;			/* our end of its socket; -1: none */
	unsigned tasks, depth;	/* those that it has; the most that it may have */
	unsigned unasked;	/* tasks sent since the last one with an answer */
	uint64_t since;		/* when it got its first task, or last answered */
	struct task *first;
};

struct pool {
	struct smallfile smallfile;	/* knows the policy */
	struct pool_listener listener;
	bool links_matter;
	unsigned max;
	unsigned forked;	/* how many of workers were ever used */
	uint32_t number;	/* of the last batch */
	struct crew crew;
	struct task *filling;
	struct task *spare;
	struct pool_progress *progress;
	int theirs;		/* the new worker's end, while it is being forked */
	struct pool_worker *workers;
	struct pollfd *fds;	/* one for each worker */
	unsigned size;		/* of those, and of progress */
};

static struct copy_outcome outcome;	/* too large for a stack that is deep already */

/* ---- tasks ---- */

static struct task *
new_task(struct pool *pool)
{
	struct task *task = pool->spare;

	if (task != NULL)
		pool->spare = task->next;
	else if ((task = malloc(sizeof *task)) == NULL)
		return NULL;
	task->batch.number = ++pool->number;
	task->batch.items = task->batch.dirs = 0;
	task->batch.used = 0;
	memset(task->failed, 0, sizeof task->failed);
	task->next = NULL;
	return task;
}

/* All of TASK is done: inform the listener.  */
static void
close_task(struct pool *pool, struct task *task)
{
	const struct pool_listener *const listener = &pool->listener;

	for (unsigned i = 0; i < task->batch.items; i++)
		if (task->tag[i] != NULL)
			listener->done(listener->context, task->tag[i],
					 !task->failed[i]);
	for (unsigned i = 0; i < task->batch.dirs; i++)
		listener->release(listener->context, task->dir[i]);
	task->next = pool->spare;
	pool->spare = task;
}

/* Forget TASK; its directories are not used by it any more.  */
static void
drop_task(struct pool *pool, struct task *task)
{
	for (unsigned i = 0; i < task->batch.dirs; i++)
		pool->listener.release(pool->listener.context, task->dir[i]);
	free(task);
}

/* WORKER is at batch NUMBER, so its earlier ones are done: close them.  Return the task
   with that number, or NULL if WORKER has none.  */
static struct task *
close_before(struct pool *pool, struct pool_worker *worker, uint32_t number)
{
	struct task *found = worker->first, *task;

	while (found != NULL && found->batch.number != number)
		found = found->next;
	while (found != NULL && (task = worker->first) != found) {
		worker->first = task->next;
		worker->tasks--;
		close_task(pool, task);
	}
	return found;
}

static void
pass_word(struct pool *pool, struct task *task, unsigned i, const struct pool_word *word)
{
	const struct batch_item *const item = &task->batch.item[i];
	const struct pool_listener *const listener = &pool->listener;

	if (word->kind == POOL_ERROR)
		task->failed[i] = true;
	listener->result(listener->context, task->dir[item->dir],
		       batch_name(&task->batch, i), item->flags, word);
}

/* ---- what we do ourselves ---- */

struct here {
	struct pool *pool;
	struct task *task;
	unsigned item;
};

static void
pass_word_here(void *context, const struct pool_word *word)
{
	const struct here *const here = context;

	pass_word(here->pool, here->task, here->item, word);
}

/* A worker died while it copied item I, if there is one.  Remove the file that it noted
   as MADE.  Small files aren't noted: one that has only the beginning of the source is
   overwritten, no matter who made it.  */
static void
clear_away(struct task *task, unsigned i, const struct newfile *made)
{
	if (i >= task->batch.items)
		return;
	struct batch_item *const item = &task->batch.item[i];
	const struct dirpair *const dir = task->dir[item->dir];
	const char *const name = batch_name(&task->batch, i);
	const bool follow = (item->flags & POOL_FOLLOW) != 0;

	hiddenfile_sweep(dir->dest);
	if ((item->flags & POOL_OLD) != 0)
		return;
	if (newfile_is_known(made))
		newfile_remove(made, dir->dest, name);
	else if (newfile_is_beginning(dir->source, dir->dest, name, follow))
		item->flags |= POOL_OLD;
}

/* Do TASK here, from item FROM on.  If a worker died at that item, MADE is the file that
   it had noted; otherwise it is NULL.  */
static void
do_here(struct pool *pool, struct task *task, unsigned from, const struct newfile *made)
{
	for (unsigned i = from; i < task->batch.items; i++) {
		struct dirpair *const dir = task->dir[task->batch.item[i].dir];
		struct here here = { pool, task, i };
		int ret = -1;

		task->failed[i] = signals_fatal() != 0;
		if (task->failed[i])
			continue;
		if (dirpair_reopen(dir, NULL) < 0) {
			outcome.removed = false;
			outcome.remarks.count = 0;
			outcome.cut = -1;
			error_set(&outcome.error, ERROR_MEMORY, errno);
		} else {
			if (made != NULL && i == from)
				clear_away(task, i, made);
			ret = batch_copy(&task->batch, i, dir->source, dir->dest,
					 &pool->smallfile, pool->links_matter, &outcome);
		}
		batch_report(ret, &outcome, pool->smallfile.policy->json, pass_word_here,
			     &here);
	}
	close_task(pool, task);
}

/* ---- workers start and end ---- */

static int
run_worker(void *context, unsigned number)
{
	const struct pool *const pool = context;

	return poolwork(pool->theirs, &pool->progress[number], pool->smallfile.policy,
			pool->links_matter);
}

/* Fork one more worker.  Return 0, or -1 if there can be no more.  */
static int
fork_worker(struct pool *pool)
{
	const unsigned number = pool->forked;
	int pair[2];

	if (pool->progress == NULL) {
		pool->progress = crew_share(pool->size * sizeof *pool->progress);
		if (pool->progress == NULL)
			pool->max = 0;
		else
			crew_open(&pool->crew);
	}
	if (number == pool->max
	    || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	pool->theirs = pair[1];
	const int ret = crew_fork(&pool->crew, number, run_worker, pool);
	close(pair[1]);
	if (ret < 0) {
		close(pair[0]);
		pool->max = number;	/* No more can be forked.  */
		return -1;
	}
	pool->workers[number] = (struct pool_worker) { .fd = pair[0], .depth = DEPTH };
	pool->forked++;
	return 0;
}

/* WORKER has reported DONE batches as done: set how many it may have.  */
static void
set_depth(struct pool_worker *worker, unsigned done)
{
	const uint64_t now = clock_now();

	worker->depth = now - worker->since < (uint64_t) FAST * done ? DEPTH_IF_FAST
		: DEPTH;
	worker->since = now;
}

/* Receive what worker NUMBER has sent, without waiting.  */
static void
receive_from(struct pool *pool, unsigned number)
{
	struct pool_worker *const worker = &pool->workers[number];
	const unsigned had = worker->tasks;
	struct pool_answer answer;
	ssize_t n;

	/* If a worker died with a batch unread, recv fails with ECONNRESET once, and then
	   returns what it had sent before.  */
	while (worker->tasks > 0
	       && ((n = recv(worker->fd, &answer, sizeof answer, MSG_DONTWAIT)) > 0
		   || (n < 0 && (errno == EINTR || errno == ECONNRESET)))) {
		struct task *const task = n < (ssize_t) sizeof answer ? NULL
			: close_before(pool, worker, answer.number);
		if (task == NULL)
			continue;
		if (answer.item < BATCH_ITEMS) {
			pass_word(pool, task, answer.item, &answer.word);
			continue;
		}
		worker->first = task->next;
		worker->tasks--;
		close_task(pool, task);
	}
	if (worker->tasks < had)
		set_depth(worker, had - worker->tasks);
}

/* Worker NUMBER has ended.  Do here what it has not done.  */
static void
take_over(struct pool *pool, unsigned number)
{
	struct pool_worker *const worker = &pool->workers[number];
	const struct pool_progress *const progress = &pool->progress[number];

	receive_from(pool, number);
	close_before(pool, worker, poolwork_batch(progress));
	close(worker->fd);
	worker->fd = -1;
	while (worker->first != NULL) {
		struct task *const task = worker->first;
		const bool begun = poolwork_batch(progress) == task->batch.number;
		worker->first = task->next;
		worker->tasks--;
		do_here(pool, task, begun ? poolwork_item(progress) : 0,
			begun ? &progress->made : NULL);
	}
}

/* Receive what workers have sent; with WAIT, wait for something unless all are idle.
   Return 0, or -1 if a signal asks us to end.  */
static int
receive(struct pool *pool, bool wait)
{
	unsigned worker;
	int status;
	bool busy = false;

	for (unsigned i = 0; i < pool->forked; i++) {
		pool->fds[i] = (struct pollfd) { .fd = pool->workers[i].fd,
						.events = POLLIN };
		busy = busy || pool->workers[i].tasks > 0;
	}
	if (wait && busy) {
		const int ret = crew_poll(&pool->crew, pool->fds, pool->forked, &worker,
					  &status);
		if (ret > 0)
			take_over(pool, worker);
	} else {
		crew_stop_if_asked(&pool->crew);
		poll(pool->fds, pool->forked, 0);
	}
	for (unsigned i = 0; i < pool->forked; i++)
		if (pool->fds[i].revents != 0)
			receive_from(pool, i);
	return signals_fatal() != 0 ? -1 : 0;
}

/* ---- assigning ---- */

/* Return the worker with the fewest tasks that may have another one or, with IDLE, that
   has none; NULL if there is no such worker.  */
static struct pool_worker *
idlest(struct pool *pool, bool idle)
{
	struct pool_worker *found = NULL;

	for (unsigned i = 0; i < pool->forked; i++) {
		struct pool_worker *const worker = &pool->workers[i];
		if (worker->fd >= 0 && worker->tasks < (idle ? 1 : worker->depth)
		    && (found == NULL || worker->tasks < found->tasks))
			found = worker;
	}
	return found;
}

/* Send TASK to WORKER, with its directories open.  Return 0, or -1 with errno.  */
static int
send_task(const struct pool_worker *worker, struct task *task)
{
	int fds[2 * BATCH_DIRS] = { -1 };

	for (unsigned i = 0; i < task->batch.dirs; i++) {
		if (dirpair_reopen(task->dir[i], NULL) < 0)
			return -1;
		fds[2 * i] = task->dir[i]->source;
		fds[2 * i + 1] = task->dir[i]->dest;
	}
	task->batch.answered = worker->unasked + 1 >= worker->depth / 2;
	return batch_send(worker->fd, &task->batch, fds);
}

/* TASK was sent to WORKER: append it to its tasks.  */
static void
append_task(struct pool_worker *worker, struct task *task)
{
	struct task **last = &worker->first;

	while (*last != NULL)
		last = &(*last)->next;
	*last = task;
	if (worker->tasks++ == 0)
		worker->since = clock_now();
	worker->unasked = task->batch.answered ? 0 : worker->unasked + 1;
}

/* Assign TASK to a worker; if none can take it, do it here.  Return 0, or -1 if a signal
   asks us to end.  */
static int
assign(struct pool *pool, struct task *task)
{
	for (;;) {
		struct pool_worker *worker = idlest(pool, true);
		if (worker == NULL && fork_worker(pool) == 0)
			worker = &pool->workers[pool->forked - 1];
		if (worker == NULL)
			worker = idlest(pool, false);
		if (worker != NULL && send_task(worker, task) == 0) {
			append_task(worker, task);
			return receive(pool, false);
		}
		/* All have enough to do; or it can't be sent yet.  */
		if (idlest(pool, true) == NULL && pool->crew.living > 0) {
			if (receive(pool, true) == 0)
				continue;
			drop_task(pool, task);
			return -1;
		}
		do_here(pool, task, 0, NULL);
		return signals_fatal() != 0 ? -1 : 0;
	}
}

int
pool_flush(struct pool *pool)
{
	struct task *const task = pool->filling;

	if (task == NULL)
		return 0;
	pool->filling = NULL;
	return assign(pool, task);
}

/* Return the number of DIR in TASK: that of its last directory, or of a new one.  */
static unsigned
number_of(const struct task *task, const struct dirpair *dir)
{
	const unsigned dirs = task->batch.dirs;

	return dirs > 0 && task->dir[dirs - 1] == dir ? dirs - 1 : dirs;
}

/* Put NAME in DIR into TASK, which has room for it.  */
static void
fill(struct task *task, struct dirpair *dir, const char *name, unsigned flags, void *tag)
{
	struct batch *const batch = &task->batch;
	const unsigned number = number_of(task, dir);

	if (number == batch->dirs) {
		dirpair_ref(dir);
		task->dir[number] = dir;
		batch->dir[number].device = dir->dest_st.st_dev;
		batch->dir[number].inherits = dir->inherits;
		batch->dirs++;
	}
	task->tag[batch->items] = tag;
	batch_add(batch, name, number, flags);
}

int
pool_add(struct pool *pool, struct dirpair *dir, const char *name, unsigned flags,
	void *tag)
{
	struct task *task = pool->filling;

	if (task != NULL && !batch_has_room(&task->batch, name, number_of(task, dir))) {
		if (pool_flush(pool) < 0)
			return -1;
		task = NULL;
	}
	if (task == NULL && (task = pool->filling = new_task(pool)) == NULL)
		return -1;
	fill(task, dir, name, flags, tag);
	if (pool->max <= 1) {
		pool->filling = NULL;
		do_here(pool, task, 0, NULL);
		return signals_fatal() != 0 ? -1 : 0;
	}
	return task->batch.items == BATCH_ITEMS ? pool_flush(pool) : 0;
}

void
pool_stop_if_asked(const struct pool *pool)
{
	if (pool->forked > 0)
		crew_stop_if_asked(&pool->crew);
}

void
pool_allow_stop(const struct pool *pool, bool rest)
{
	if (pool->forked > 0)
		signals_catch_stop(!rest);
}

bool
pool_is_busy(const struct pool *pool)
{
	for (unsigned i = 0; i < pool->forked; i++)
		if (pool->workers[i].tasks > 0)
			return true;
	return pool->filling != NULL;
}

int
pool_drain(struct pool *pool)
{
	struct task *const task = pool->filling;

	/* So few names that no worker was forked: none is needed now.  */
	if (task != NULL && pool->forked == 0) {
		pool->filling = NULL;
		do_here(pool, task, 0, NULL);
	} else if (pool_flush(pool) < 0) {
		return -1;
	}
	while (pool_is_busy(pool))
		if (receive(pool, true) < 0)
			return -1;
	return signals_fatal() != 0 ? -1 : 0;
}

/* ---- the pool ---- */

struct pool *
pool_new(unsigned workers, const struct copy_policy *policy, bool links_matter,
	const struct pool_listener *listener)
{
	struct pool *const pool = calloc(1, sizeof *pool);

	if (pool == NULL)
		return NULL;
	pool->smallfile = smallfile_begin(policy, false);
	pool->links_matter = links_matter;
	pool->listener = *listener;
	pool->max = pool->size = workers;
	pool->workers = calloc(workers, sizeof *pool->workers);
	pool->fds = calloc(workers, sizeof *pool->fds);
	if (pool->workers != NULL && pool->fds != NULL)
		return pool;
	pool_free(pool);
	errno = ENOMEM;
	return NULL;
}

/* End the workers.  If a signal asks us to end, they get it first, and time to clean
   up.  */
static void
end_workers(struct pool *pool)
{
	if (pool->progress == NULL)
		return;
	if (signals_fatal() != 0)
		crew_dismiss(&pool->crew);
	crew_close(&pool->crew);
	for (unsigned i = 0; i < pool->forked; i++) {
		const struct pool_progress *const progress = &pool->progress[i];
		struct pool_worker *const worker = &pool->workers[i];
		receive_from(pool, i);
		/* A task that it was at: it didn't clean up, and can't any more.  */
		struct task *const task = close_before(pool, worker,
						       poolwork_batch(progress));
		if (task != NULL)
			clear_away(task, poolwork_item(progress), &progress->made);
		if (worker->fd >= 0)
			close(worker->fd);
	}
}

void
pool_free(struct pool *pool)
{
	struct task *next;

	end_workers(pool);
	for (unsigned i = 0; i < pool->forked; i++)
		for (struct task *task = pool->workers[i].first; task != NULL;
		     task = next) {
			next = task->next;
			drop_task(pool, task);
		}
	if (pool->filling != NULL)
		drop_task(pool, pool->filling);
	for (struct task *task = pool->spare; task != NULL; task = next) {
		next = task->next;
		free(task);
	}
	if (pool->progress != NULL)
		crew_unshare(pool->progress, pool->size * sizeof *pool->progress);
	free(pool->workers);
	free(pool->fds);
	free(pool);
}
