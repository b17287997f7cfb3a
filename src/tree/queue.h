/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_QUEUE_H
#define MMCP_TREE_QUEUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/counts.h"
#include "base/error.h"
#include "base/robustlock.h"
#include "engine/far.h"
#include "report/relay.h"

/* Work that some walkers gave away and others have yet to take, in memory that all of
   them share: a ring of tasks and a seat for each worker, under one lock.  A worker may
   be killed at any step: nothing is lost, and nothing is done twice but the name that it
   had in hand.  doc/models/queue.pml is a model of this.  */

enum { TASK_ROOM = 128 * 1024, QUEUE_TASKS = 64, QUEUE_INODES = 64 };

/* A part of a directory: the directory as dirpair_pack has it, and names as a level has
   them; or, without a directory, a range of operands.  */
struct task {
	uint64_t number;	/* they are numbered from 1, as they are given */
	uint32_t from, to;	/* operands */
	uint32_t dir, names;	/* bytes in data: of the directory, and the names after */
	bool directories;	/* the names are subdirectories */
	bool range;		/* or it is a range of a file: data has that (peers.h) */
	unsigned tries;		/* so many walkers have begun with it */
	char data[TASK_ROOM];
};

enum seat_state {
	SEAT_EMPTY,		/* no worker, or it has ended */
	SEAT_BUSY,
	SEAT_IDLE,		/* it waits for its bell */
	SEAT_CALLED		/* and that was rung */
};

/* A range of a large file that a worker of ours has given away, in that file's crew.  */
enum range_state {
	RANGE_FREE,
	RANGE_TAKEN,		/* this slot has a worker */
	RANGE_GIVEN,		/* it is in some queue */
	RANGE_BEGUN,		/* and has been taken from it */
	RANGE_DONE,
	RANGE_FAILED
};

struct range {
	_Atomic enum range_state state;
	_Atomic unsigned number;	/* of those that this slot has had */
	enum count engine;	/* for the worker, once it is done: as struct far_range */
	off_t reached;
	struct blockhash hashes[FAR_BLOCKS];
	struct error error;
};

enum { QUEUE_RANGES = 256 };

/* What is shared with, or of, one worker.  */
struct seat {
	_Atomic enum seat_state state;
	_Atomic uint64_t giving;	/* the number of the task that it gives, or 0 */
	struct task task;	/* the last one that it took */
	_Atomic unsigned called, returned;	/* calls to other ranks, so far */
	_Atomic bool yes;	/* what the last one has returned, where there are two */
	struct relay relay;
};

struct queue {
	struct robustlock lock;
	_Atomic unsigned idle;	/* workers that wait and weren't called */
	_Atomic unsigned far;	/* tasks that other ranks wait for */
	_Atomic unsigned wanted;	/* the sum of both: who has much to do looks at
					   this at each name */
	_Atomic bool tells;	/* who is idle rings the parent's bell */
	_Atomic bool surplus;	/* who is idle next is to end */
	_Atomic bool parent_waits;	/* until there is room for a task */
	_Atomic bool ended;	/* workers are to end */
	unsigned workers;	/* seats */
	_Atomic uint64_t head, tail;	/* the numbers of tasks that were taken, given */
	_Atomic uint64_t blocks;	/* of relays */
	struct robustlock inodes[QUEUE_INODES];
	struct range ranges[QUEUE_RANGES];
	int *bells;		/* for each seat, and then one for the parent */
	struct task tasks[QUEUE_TASKS];
	struct seat seats[];
};

/* Return a queue for WORKERS at most, for queue_free; NULL with errno.  */
struct queue *
queue_new(unsigned workers);

void
queue_free(struct queue *queue);

/* Give TASK to whoever is idle.  Its number is stored in the seat of the GIVER, unless
   that is NULL, just before that is done and can't be undone.  Return 0; or -1 if the
   queue is full.  */
int
queue_give(struct queue *queue, struct seat *giver, const struct task *task);

/* The worker in SEAT has nothing to do.  Wait until there is a task, and put it into the
   seat.  Return false if there will be none, one worker is too many (then its seat is
   empty), or a signal asks us to end.  */
bool
queue_take(struct queue *queue, unsigned seat);

/* The same, but don't wait.  */
bool
queue_try(struct queue *queue, unsigned seat);

/* For the parent: a worker takes SEAT, and is busy.  */
void
queue_seat(struct queue *queue, unsigned seat);

/* For the parent: the worker in SEAT has ended.  */
void
queue_leave(struct queue *queue, unsigned seat);

/* Return whether SEAT is empty.  */
bool
queue_is_empty(struct queue *queue, unsigned seat);

/* The worker in SEAT has died, and left it.  Return whether the task in SEAT was really
   taken.  */
bool
queue_has_taken(const struct queue *queue, unsigned seat);

/* The same: return whether the task that it was giving was really given.  */
bool
queue_has_given(const struct queue *queue, unsigned seat);

/* Return whether there is no task, and every worker is idle.  */
bool
queue_is_done(struct queue *queue);

/* For the parent: return whether there is no task, but a worker that waits for one.  */
bool
queue_is_hungry(struct queue *queue);

/* For the parent: other ranks wait for FAR tasks.  */
void
queue_set_far(struct queue *queue, unsigned far);

/* For the parent: if other ranks wait for a task, and there is one that nobody here waits
   for, copy it to TASK.  Return whether there was.  */
bool
queue_take_far(struct queue *queue, struct task *task);

/* Return the bytes of TASK that are used.  */
size_t
queue_task_size(const struct task *task);

/* Have the workers end.  */
void
queue_end(struct queue *queue);

/* Ring the bells of all workers: each looks again for what it waits for.  */
void
queue_ring_all(const struct queue *queue);

/* Return the lock for overwriting the file with inode number INO: no two walkers write to
   one file.  */
struct robustlock *
queue_lock_of(struct queue *queue, uint64_t ino);

/* Return the parent's bell.  */
int
queue_parent_bell(const struct queue *queue);

#endif
