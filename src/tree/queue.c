/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queue.c: a ring of tasks under a lock.  What the lock protects changes by single stores
   in the end: if its holder dies, the counts beside it are made anew.  */
#include "config.h"

#include "tree/queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bell.h"
#include "base/signals.h"

static size_t
bytes(unsigned workers)
{
	return sizeof(struct queue) + workers * sizeof(struct seat);
}

/* Return the bells for WORKERS and the parent; NULL with errno.  */
static int *
make_bells(unsigned workers)
{
	int *const bells = calloc(workers + 1, sizeof *bells);
	unsigned made = 0;

	while (bells != NULL && made <= workers && (bells[made] = bell_new()) >= 0)
		made++;
	if (bells == NULL || made > workers)
		return bells;
	const int err = errno;
	while (made-- > 0)
		close(bells[made]);
	free(bells);
	errno = err;
	return NULL;
}

/* Return 0, or -1 with errno.  */
static int
make_locks(struct queue *queue)
{
	int ret = robustlock_make(&queue->lock);

	for (unsigned i = 0; ret == 0 && i < QUEUE_INODES; i++)
		ret = robustlock_make(&queue->inodes[i]);
	return ret;
}

struct queue *
queue_new(unsigned workers)
{
	int *const bells = make_bells(workers);
	struct queue *const queue = bells == NULL ? MAP_FAILED
		: mmap(NULL, bytes(workers), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (queue != MAP_FAILED && make_locks(queue) == 0) {
		queue->workers = workers;
		queue->bells = bells;
		return queue;
	}
	const int err = errno;
	for (unsigned i = 0; bells != NULL && i <= workers; i++)
		close(bells[i]);
	free(bells);
	if (queue != MAP_FAILED)
		munmap(queue, bytes(workers));
	errno = err;
	return NULL;
}

void
queue_free(struct queue *queue)
{
	for (unsigned i = 0; i <= queue->workers; i++)
		close(queue->bells[i]);
	free(queue->bells);
	munmap(queue, bytes(queue->workers));
}

/* ---- under the lock ---- */

/* Return the number of seats in STATE.  */
static unsigned
count(const struct queue *queue, enum seat_state state)
{
	unsigned n = 0;

	for (unsigned i = 0; i < queue->workers; i++)
		n += queue->seats[i].state == state;
	return n;
}

/* The holder of the lock died: the task that it was about to give or to take, it did not,
   and another one will have its number.  */
static void
take_back(struct queue *queue)
{
	for (unsigned i = 0; i < queue->workers; i++) {
		struct seat *const seat = &queue->seats[i];
		if (seat->giving > queue->tail)
			atomic_store(&seat->giving, 0);
		if (seat->task.number > queue->head)
			seat->task.number = 0;
	}
}

static void
lock(struct queue *queue)
{
	if (robustlock_take(&queue->lock))
		take_back(queue);
}

/* The same in the parent.  Return false if a signal asks us to end and the lock isn't to
   be had: nobody needs the queue any more.  */
static bool
lock_or_end(struct queue *queue)
{
	const int taken = robustlock_take_or_end(&queue->lock);

	if (taken > 0)
		take_back(queue);
	return taken >= 0;
}

/* Who died with the lock may have left the count of idle workers wrong, so it is made
   anew each time that a state changes.  */
static void
unlock(struct queue *queue)
{
	const unsigned idle = count(queue, SEAT_IDLE);

	atomic_store(&queue->idle, idle);
	atomic_store(&queue->wanted, idle + queue->far);
	robustlock_release(&queue->lock);
}

static bool
is_done(const struct queue *queue)
{
	return queue->head == queue->tail && count(queue, SEAT_BUSY) == 0
		&& count(queue, SEAT_CALLED) == 0;
}

size_t
queue_task_size(const struct task *task)
{
	return offsetof(struct task, data) + task->dir + task->names;
}

/* Copy what is used of task FROM to TO.  */
static void
copy_task(struct task *to, const struct task *from)
{
	memcpy(to, from, queue_task_size(from));
}

/* Call an idle worker; or the parent, if other ranks wait.  Return the bell, or -1 if
   there is none.  */
static int
call(struct queue *queue)
{
	for (unsigned i = 0; i < queue->workers; i++)
		if (queue->seats[i].state == SEAT_IDLE) {
			queue->seats[i].state = SEAT_CALLED;
			return queue->bells[i];
		}
	return queue->far > 0 ? queue_parent_bell(queue) : -1;
}

/* ---- giving and taking ---- */

int
queue_give(struct queue *queue, struct seat *giver, const struct task *task)
{
	int bell = -1;

	if (giver != NULL)
		lock(queue);
	else if (!lock_or_end(queue))
		return -1;
	const uint64_t tail = queue->tail;
	const bool full = tail - queue->head == QUEUE_TASKS;
	if (!full) {
		struct task *const slot = &queue->tasks[tail % QUEUE_TASKS];
		copy_task(slot, task);
		slot->number = tail + 1;
		if (giver != NULL)
			atomic_store(&giver->giving, tail + 1);
		atomic_store(&queue->tail, tail + 1);
		bell = call(queue);
	}
	unlock(queue);
	if (bell >= 0)
		bell_ring(bell);
	return full ? -1 : 0;
}

/* Put the next task into SEAT, if there is one.  Return whether there is.  */
static bool
take_next(struct queue *queue, struct seat *seat)
{
	const uint64_t head = queue->head;

	if (head == queue->tail)
		return false;
	copy_task(&seat->task, &queue->tasks[head % QUEUE_TASKS]);
	seat->state = SEAT_BUSY;
	atomic_store(&queue->head, head + 1);
	return true;
}

bool
queue_take(struct queue *queue, unsigned number)
{
	struct seat *const seat = &queue->seats[number];

	while (signals_fatal() == 0) {
		bool done = false;
		lock(queue);
		const bool taken = take_next(queue, seat);
		const bool ends = !taken && atomic_exchange(&queue->surplus, false);
		if (!taken) {
			seat->state = ends ? SEAT_EMPTY : SEAT_IDLE;
			done = is_done(queue);
		}
		unlock(queue);
		if (taken && atomic_exchange(&queue->parent_waits, false))
			bell_ring(queue_parent_bell(queue));
		if (taken || atomic_load(&queue->ended))
			return taken;
		if (done || atomic_load(&queue->tells))
			bell_ring(queue_parent_bell(queue));
		if (ends)
			return false;
		bell_wait(queue->bells[number]);
	}
	return false;
}

bool
queue_try(struct queue *queue, unsigned number)
{
	if (!lock_or_end(queue))
		return false;
	const bool taken = take_next(queue, &queue->seats[number]);
	unlock(queue);
	return taken;
}

bool
queue_is_empty(struct queue *queue, unsigned number)
{
	if (!lock_or_end(queue))
		return false;
	const bool is = queue->seats[number].state == SEAT_EMPTY;
	unlock(queue);
	return is;
}

bool
queue_has_taken(const struct queue *queue, unsigned number)
{
	const uint64_t task = queue->seats[number].task.number;

	return task != 0 && task <= queue->head;
}

bool
queue_has_given(const struct queue *queue, unsigned number)
{
	const uint64_t task = queue->seats[number].giving;

	return task != 0 && task <= queue->tail;
}

/* ---- for the parent ---- */

static void
set_state(struct queue *queue, unsigned seat, enum seat_state state)
{
	if (!lock_or_end(queue))
		return;
	queue->seats[seat].state = state;
	unlock(queue);
}

void
queue_seat(struct queue *queue, unsigned seat)
{
	set_state(queue, seat, SEAT_BUSY);
}

void
queue_leave(struct queue *queue, unsigned seat)
{
	set_state(queue, seat, SEAT_EMPTY);
}

bool
queue_is_done(struct queue *queue)
{
	if (!lock_or_end(queue))
		return false;
	const bool done = is_done(queue);
	unlock(queue);
	return done;
}

bool
queue_is_hungry(struct queue *queue)
{
	if (!lock_or_end(queue))
		return false;
	const bool is = queue->head == queue->tail && count(queue, SEAT_IDLE) > 0;
	unlock(queue);
	return is;
}

void
queue_set_far(struct queue *queue, unsigned far)
{
	if (!lock_or_end(queue))
		return;
	queue->far = far;
	unlock(queue);
}

bool
queue_take_far(struct queue *queue, struct task *task)
{
	if (queue->far == 0 || queue->head == queue->tail || !lock_or_end(queue))
		return false;
	const uint64_t head = queue->head;
	const bool takes = queue->far > 0 && head != queue->tail
		&& count(queue, SEAT_IDLE) == 0;
	if (takes) {
		copy_task(task, &queue->tasks[head % QUEUE_TASKS]);
		queue->far--;
		atomic_store(&queue->head, head + 1);
	}
	unlock(queue);
	return takes;
}

void
queue_end(struct queue *queue)
{
	atomic_store(&queue->ended, true);
	queue_ring_all(queue);
}

void
queue_ring_all(const struct queue *queue)
{
	for (unsigned i = 0; i < queue->workers; i++)
		bell_ring(queue->bells[i]);
}

struct robustlock *
queue_lock_of(struct queue *queue, uint64_t ino)
{
	return &queue->inodes[ino % QUEUE_INODES];
}

int
queue_parent_bell(const struct queue *queue)
{
	return queue->bells[queue->workers];
}
