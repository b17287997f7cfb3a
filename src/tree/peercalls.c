/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peercalls.c: what walkers of several ranks must agree about.  Each source with several
   names has a home, a rank that knows who copies it, and where its copy is; each lock for
   old files has one, too.  A walker calls through its parent, and waits for its bell.  */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/bell.h"
#include "base/signals.h"
#include "report/relay.h"
#include "tree/peerdevice.h"
#include "tree/peerhomes.h"
#include "tree/peers.h"
#include "tree/peerstate.h"

/* This process.  */
static struct {
	struct queue *queue;	/* NULL: it is the parent */
	unsigned seat;
	struct linktable *links;
	unsigned locked;	/* 1 and the lock that it has; or 0 */
	unsigned answers;	/* in the parent: to its own calls, so far */
	bool yes;		/* the last one, where there are two */
} self;

/* In the parent: copies that walkers of ours make, and that their homes wait for.  */
struct promise {
	struct promise *next;
	struct link *link;
	dev_t dev;
	ino_t ino;
};

static struct promise *promises;

/* In the parent: locks that are held by our walkers, by seat from 1, 0 being the parent;
   each is 1 and the number of the lock, or 0.  */
static unsigned held[WORKERS_MAX + 1];

void
peers_are_of(struct queue *queue, unsigned seat)
{
	self.queue = queue;
	self.seat = seat + 1;
	self.locked = 0;
}

/* ---- calling ---- */

/* Tell all other ranks that what CALL is about is copied to PATH.  What they get of us
   after that, a task for example, may need it.  */
static void
announce(const struct peercall *call, const char *path)
{
	struct peercall *const there = peers_allocate(sizeof *there + call->len);

	*there = *call;
	there->what = PEERCALL_THERE;
	memcpy(there + 1, path, call->len);
	ranks_send_all(RANKS_RETURN, there, sizeof *there + call->len);
	free(there);
}

/* Send CALL, and DATA, to the home.  */
static void
send_call(const struct peercall *call, const void *data)
{
	const unsigned home = peerhomes_of(call);

	if (call->in_all)
		announce(call, data);
	if (home != ranks_own()) {
		ranks_send(home, RANKS_CALL, call, sizeof *call, data, call->len);
		return;
	}
	peerhomes_serve(ranks_own(), call, data);
}

/* Return whether CALL has an answer.  */
static bool
waits(const struct peercall *call)
{
	return call->what != PEERCALL_UNLOCK && call->what != PEERCALL_FINISH;
}

bool
peercalls_call(struct peercall *call, const void *data)
{
	call->seat = self.seat;
	if (self.queue == NULL) {
		const unsigned before = self.answers;
		send_call(call, data);
		while (waits(call) && self.answers == before && signals_fatal() == 0)
			peers_wait();
		call->there = self.yes;
		return signals_fatal() == 0;
	}
	struct seat *const seat = &self.queue->seats[self.seat - 1];
	const unsigned number = call->number = atomic_load(&seat->called) + 1;
	char *const whole = malloc(sizeof *call + call->len);
	if (whole == NULL)
		return false;
	memcpy(whole, call, sizeof *call);
	if (call->len > 0)
		memcpy(whole + sizeof *call, data, call->len);
	atomic_store(&seat->called, number);
	relay_give(RELAY_CALL, whole, sizeof *call + call->len);
	free(whole);
	while (waits(call) && atomic_load(&seat->returned) != number
	       && signals_fatal() == 0)
		bell_wait(self.queue->bells[self.seat - 1]);
	call->there = atomic_load(&seat->yes);
	return signals_fatal() == 0;
}

/* In the parent: a walker calls.  */
static void
pass_on(void *context, const void *data, size_t len)
{
	struct peercall call;

	(void) context;
	(void) len;
	memcpy(&call, data, sizeof call);
	if (call.what == PEERCALL_UNLOCK)
		held[call.seat] = 0;
	send_call(&call, (const char *) data + sizeof call);
}

/* ---- links ---- */

/* Ask the home of source DEV, INO, which has been met under another name of ours, PATH
   below BASE; without a path, only look; with IN_ALL, tell everybody.  Return 0 if the
   table has what is known of it, or nothing is known; or -1 with errno.  */
static int
ask_for_link(dev_t dev, ino_t ino, int base, const char *path, size_t trusted,
	bool in_all)
{
	struct peercall call = {
		.what = path != NULL ? PEERCALL_CLAIM : PEERCALL_LOOK,
		.dev = peerdevice_out(dev), .ino = ino, .below = base != AT_FDCWD,
		.owner = linktable_owner(self.links),
		.trusted = trusted, .in_all = in_all,
		.len = path != NULL ? strlen(path) + 1 : 0,
	};

	if (peercalls_call(&call, path))
		return 0;
	errno = signals_fatal() != 0 ? EINTR : ENOMEM;
	return -1;
}

void
peers_share_links(struct linktable *links)
{
	self.links = links;
	if (!ranks_are_many())
		return;
	relay_takes(RELAY_CALL, pass_on, NULL);
	linktable_asks(links, ask_for_link);
}

/* LINK has been copied, or not.  */
static void
keep_promise(const struct promise *promise)
{
	struct peercall call = {
		.what = PEERCALL_SETTLE, .dev = promise->dev, .ino = promise->ino,
		.there = promise->link->state == LINK_THERE,
	};

	send_call(&call, NULL);
}

void
peercalls_look(void)
{
	for (struct promise **at = &promises; *at != NULL; ) {
		struct promise *const promise = *at;
		if (promise->link->state == LINK_COMING) {
			at = &promise->next;
			continue;
		}
		*at = promise->next;
		keep_promise(promise);
		free(promise);
	}
}

/* ---- answers ---- */

/* Return whether the walker that made CALL still waits for it: it hasn't died.  */
static bool
is_awaited(const struct peercall *call)
{
	return call->seat == 0
		|| (peers.queue != NULL && call->number
		    == atomic_load(&peers.queue->seats[call->seat - 1].called));
}

/* The walker that made CALL is to copy source DEV, INO to PATH, below BASE; if it has
   died, who goes on for it asks again.  */
static void
promise(const struct peercall *call, dev_t dev, ino_t ino, const char *path, int base)
{
	struct promise *const promise = peers_allocate(sizeof *promise);

	promise->link = linktable_put(self.links, dev, ino, base, path, call->trusted,
				      call->owner, is_awaited(call) ? LINK_COMING
				      : LINK_FAILED);
	if (promise->link == NULL)
		peers_give_up();
	promise->dev = call->dev;
	promise->ino = ino;
	promise->next = promises;
	promises = promise;
}

/* Tell the walker that made CALL that it has returned.  */
static void
wake(const struct peercall *call)
{
	const bool yes = call->what == PEERCALL_YES;

	if (call->seat == 0) {
		self.answers++;
		self.yes = yes;
	} else if (is_awaited(call)) {
		struct queue *const queue = peers.queue;
		atomic_store(&queue->seats[call->seat - 1].yes, yes);
		atomic_store(&queue->seats[call->seat - 1].returned, call->number);
		bell_ring(queue->bells[call->seat - 1]);
	}
}

/* The walker that made CALL has its lock.  */
static void
take_lock(const struct peercall *call)
{
	struct peercall back = *call;

	if (is_awaited(call)) {
		held[call->seat] = 1 + (unsigned) call->ino;
		return;
	}
	back.what = PEERCALL_UNLOCK;
	send_call(&back, NULL);
}

void
peercalls_return(const struct peercall *call, const char *path)
{
	const dev_t dev = peerdevice_in(call->dev);
	const int base = call->below ? peerdevice_base() : AT_FDCWD;

	switch (call->what) {
	case PEERCALL_OURS:
		promise(call, dev, call->ino, path, base);
		break;
	case PEERCALL_COMING:
		linktable_put(self.links, dev, call->ino, base, path, call->trusted,
			      LINKTABLE_FAR, LINK_COMING);
		break;
	case PEERCALL_THERE:
		linktable_put(self.links, dev, call->ino, base, path, call->trusted,
			      LINKTABLE_FAR, LINK_THERE);
		linktable_settle_far(self.links, dev, call->ino);
		break;
	case PEERCALL_FAILED:
		linktable_settle_far(self.links, dev, call->ino);
		break;
	case PEERCALL_LOCK:
		take_lock(call);
		break;
	default:
		break;
	}
	if (call->returns)
		wake(call);
}

void
peercalls_receive(const struct ranks_message *message)
{
	const struct peercall *const call = (const void *) message->data;
	const char *const data = (const char *) (call + 1);

	if (message->kind == RANKS_CALL)
		peerhomes_serve(message->from, call, data);
	else
		peercalls_return(call, data);
}

/* ---- locks ---- */

void
peers_lock(uint64_t ino)
{
	struct peercall call = { .what = PEERCALL_LOCK, .ino = ino % QUEUE_INODES };

	if (ranks_are_many() && peercalls_call(&call, NULL))
		self.locked = 1 + (unsigned) call.ino;
}

void
peers_unlock(uint64_t ino)
{
	struct peercall call = { .what = PEERCALL_UNLOCK, .ino = ino % QUEUE_INODES };

	if (self.locked == 0)
		return;
	self.locked = 0;
	if (self.queue == NULL) {
		held[0] = 0;
		send_call(&call, NULL);
	} else {
		peercalls_call(&call, NULL);
	}
}

void
peers_bury(unsigned seat)
{
	struct peercall call = { .what = PEERCALL_UNLOCK, .seat = seat + 1 };

	/* What it still waited for isn't for the next one there (is_awaited).  */
	if (peers.queue != NULL)
		atomic_fetch_add(&peers.queue->seats[seat].called, 1);
	if (held[seat + 1] == 0)
		return;
	call.ino = held[seat + 1] - 1;
	held[seat + 1] = 0;
	send_call(&call, NULL);
}
