/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peerhomes.c: a rank as the home of some links and locks.  */
#include "config.h"

#include "tree/peerhomes.h"

#include <stdlib.h>
#include <string.h>

#include "base/ranks.h"
#include "tree/peerstate.h"
#include "tree/queue.h"

enum { LISTS = 1 << 16 };

/* Somebody who waits.  */
struct waiter {
	struct waiter *next;
	unsigned rank, seat;
	unsigned number;	/* of the call that waits */
};

/* A source, of which one name is being copied, or has been.  */
struct homed {
	struct homed *next;
	dev_t dev;
	ino_t ino;
	unsigned rank;		/* who copies it */
	bool there, below;
	size_t trusted;
	struct waiter *waiters;	/* while it is coming: each rank once */
	char path[];
};

static struct homed *lists[LISTS];

static struct lock {
	bool taken;
	struct waiter *waiters;	/* the last who came first */
} locks[QUEUE_INODES];

static uint64_t
mix(const struct peercall *call)
{
	return ((uint64_t) call->ino ^ (uint64_t) call->dev << 32)
		* 0x9e3779b97f4a7c15;
}

unsigned
peerhomes_of(const struct peercall *call)
{
	if (call->what == PEERCALL_BEGIN || call->what == PEERCALL_FINISH)
		return call->home;
	return (unsigned) (mix(call) >> 32) % ranks_count();
}

/* Return where the pointer to CALL's source is, or a NULL if it isn't known.  */
static struct homed **
find(const struct peercall *call)
{
	struct homed **at = &lists[(mix(call) >> 16) % LISTS];

	while (*at != NULL && !((*at)->ino == call->ino && (*at)->dev == call->dev))
		at = &(*at)->next;
	return at;
}

/* Return WHAT, of HOMED unless that is NULL, to SEAT of RANK, which waits for it if it
   RETURNS.  */
static void
reply(unsigned rank, unsigned seat, enum peercall_what what, const struct peercall *asked,
	const struct homed *homed, bool returns)
{
	struct peercall call = *asked;

	call.what = what;
	call.seat = seat;
	call.returns = returns;
	const char *const path = homed != NULL ? homed->path : "";
	call.len = strlen(path) + 1;
	if (homed != NULL) {
		call.below = homed->below;
		call.trusted = homed->trusted;
	}
	if (rank == ranks_own())
		peercalls_return(&call, path);
	else
		ranks_send(rank, RANKS_RETURN, &call, sizeof call, path, call.len);
}

static void
add_waiter(struct waiter **at, unsigned rank, unsigned seat, unsigned number)
{
	struct waiter *const waiter = peers_allocate(sizeof *waiter);

	*waiter = (struct waiter) { *at, rank, seat, number };
	*at = waiter;
}

/* ---- links ---- */

/* Note that RANK copies CALL's source to PATH.  */
static struct homed *
add(struct homed **at, unsigned rank, const struct peercall *call, const char *path)
{
	struct homed *const homed = peers_allocate(sizeof *homed + strlen(path) + 1);

	*homed = (struct homed) { .dev = call->dev, .ino = call->ino, .rank = rank,
				  .below = call->below, .trusted = call->trusted };
	strcpy(homed->path, path);
	return *at = homed;
}

/* RANK waits for HOMED, too.  */
static void
subscribe(struct homed *homed, unsigned rank)
{
	for (const struct waiter *each = homed->waiters; each != NULL; each = each->next)
		if (each->rank == rank)
			return;
	add_waiter(&homed->waiters, rank, 0, 0);
}

static void
look(unsigned from, const struct peercall *call, const char *path)
{
	struct homed **const at = find(call);
	struct homed *const homed = *at;

	if (homed == NULL && call->what == PEERCALL_LOOK) {
		reply(from, call->seat, PEERCALL_KNOWN, call, NULL, true);
	} else if (homed == NULL) {
		reply(from, call->seat, PEERCALL_OURS, call, add(at, from, call, path),
		      true);
	} else if (homed->there) {
		reply(from, call->seat, homed->rank == from ? PEERCALL_KNOWN
		      : PEERCALL_THERE, call, homed, true);
	} else if (homed->rank == from) {
		reply(from, call->seat, PEERCALL_KNOWN, call, homed, true);
	} else {
		subscribe(homed, from);
		reply(from, call->seat, PEERCALL_COMING, call, homed, true);
	}
}

static void
settle(const struct peercall *call)
{
	struct homed **const at = find(call);
	struct homed *const homed = *at;

	if (homed == NULL)
		return;
	homed->there = call->there;
	for (struct waiter *each = homed->waiters, *next; each != NULL; each = next) {
		next = each->next;
		reply(each->rank, 0, call->there ? PEERCALL_THERE : PEERCALL_FAILED, call,
		      homed, false);
		free(each);
	}
	homed->waiters = NULL;
	if (!call->there) {
		*at = homed->next;
		free(homed);
	}
}

/* ---- locks ---- */

static void
lock(unsigned from, const struct peercall *call)
{
	struct lock *const lock = &locks[call->ino];

	if (lock->taken) {
		add_waiter(&lock->waiters, from, call->seat, call->number);
		return;
	}
	lock->taken = true;
	reply(from, call->seat, PEERCALL_LOCK, call, NULL, true);
}

static void
unlock(const struct peercall *call)
{
	struct lock *const lock = &locks[call->ino];
	struct waiter **at = &lock->waiters;
	struct peercall asked = *call;

	lock->taken = *at != NULL;
	if (*at == NULL)
		return;
	while ((*at)->next != NULL)
		at = &(*at)->next;
	struct waiter *const first = *at;
	*at = NULL;
	asked.number = first->number;
	reply(first->rank, first->seat, PEERCALL_LOCK, &asked, NULL, true);
	free(first);
}

void
peerhomes_serve(unsigned from, const struct peercall *call, const void *data)
{
	switch (call->what) {
	case PEERCALL_CLAIM:
	case PEERCALL_LOOK:
		look(from, call, data);
		break;
	case PEERCALL_SETTLE:
		settle(call);
		break;
	case PEERCALL_LOCK:
		lock(from, call);
		break;
	case PEERCALL_UNLOCK:
		unlock(call);
		break;
	case PEERCALL_BEGIN:
		reply(from, call->seat, peerranges_serve(call, data) ? PEERCALL_YES
		      : PEERCALL_NO, call, NULL, true);
		break;
	case PEERCALL_FINISH:
		peerranges_serve(call, data);
		break;
	default:
		break;
	}
}
