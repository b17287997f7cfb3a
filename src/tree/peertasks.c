/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peertasks.c: who has nothing to do says so to rank 0.  That asks others for tasks,
   one each, and they give what their walkers would give to each other.  All tasks go
   through rank 0, so it knows when there are none.  What it got too much of, it keeps
   for the next who asks.  */
#include "config.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "tree/peerdevice.h"
#include "tree/peers.h"
#include "tree/peerstate.h"

/* Of these, so many may be asked for a task at a time.  */
enum { ASKED_MOST = 8 };

/* What a rank says when its workers are idle.  */
struct hungry {
	uint64_t received;	/* tasks so far */
	bool done;		/* all of them are, and it has none */
};

/* A task that nobody has asked for yet.  */
struct spare {
	struct spare *next;
	struct task task;	/* as long as it has to be */
};

/* A rank, as rank 0 sees it; rank 0 itself is one.  */
struct peer {
	bool hungry, done, asked;
	uint64_t sent;		/* tasks */
};

/* In rank 0.  */
static struct {
	struct peer *peer;	/* for each rank */
	struct spare *spares;	/* few: each was asked for */
	unsigned next;		/* who is asked first, in turns */
} broker;

/* In any rank.  */
static struct {
	uint64_t received;
	unsigned far;		/* tasks that others want of us */
	bool asked;		/* others know that we are hungry, */
	bool said_done;		/* and have nothing at all */
} own;

/* ---- in rank 0 ---- */

static bool
is_broker(void)
{
	return ranks_own() == 0;
}

/* Return the ranks, as rank 0 sees them: at first they have nothing to do, which they
   will say.  */
static struct peer *
peer_of(unsigned rank)
{
	if (broker.peer == NULL) {
		broker.peer = peers_allocate(ranks_count() * sizeof *broker.peer);
		for (unsigned i = 0; i < ranks_count(); i++)
			broker.peer[i].done = true;
	}
	return &broker.peer[rank];
}

/* Nobody asked for the task in DATA, of LEN bytes: keep it.  */
static void
keep(const char *data, size_t len)
{
	struct spare *const spare = peers_allocate(sizeof *spare);
	struct spare **at = &broker.spares;

	memcpy(&spare->task, data, len);
	while (*at != NULL)
		at = &(*at)->next;
	*at = spare;
}

/* Give the task in DATA, of LEN bytes, to our walkers.  */
static void
take_here(const char *data, size_t len)
{
	static struct task task;

	memcpy(&task, data, len);
	task.tries = 0;
	if (task.dir > 0)
		peerdevice_unpack(task.data);
	own.asked = own.said_done = false;
	/* They wanted one, and may have filled the queue since.  */
	if (queue_give(peers.queue, NULL, &task) < 0)
		keep(data, len);
}

/* Return a rank that is hungry, in turns; -1 if there is none.  */
static int
next_hungry(void)
{
	for (unsigned i = 0; i < ranks_count(); i++) {
		const unsigned rank = (broker.next + i) % ranks_count();
		if (peer_of(rank)->hungry && (rank != 0 || peers.queue != NULL))
			return (int) rank;
	}
	return -1;
}

/* Give TASK, of LEN bytes, to RANK.  */
static void
deal(unsigned rank, const char *data, size_t len)
{
	struct peer *const peer = peer_of(rank);

	peer->hungry = peer->done = false;
	if (rank == 0) {
		take_here(data, len);
		return;
	}
	peer->sent++;
	ranks_send(rank, RANKS_TASK, data, len, NULL, 0);
}

/* Give what was kept to who asks.  */
static void
deal_spares(void)
{
	struct spare *spare;
	int rank;

	while ((spare = broker.spares) != NULL && (rank = next_hungry()) >= 0) {
		broker.spares = spare->next;
		deal((unsigned) rank, (const char *) &spare->task,
		     queue_task_size(&spare->task));
		free(spare);
	}
}

/* We are to give a task.  If we have none, that is for when we have.  */
static void
want_one(void)
{
	own.far++;
	if (peers.queue != NULL)
		queue_set_far(peers.queue, own.far);
}

/* Return how many of those who work are asked for a task.  */
static unsigned
asked_now(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < ranks_count(); i++)
		n += peer_of(i)->asked && !peer_of(i)->done;
	return n;
}

/* If somebody is hungry, ask those who work for a task each.  */
static void
ask_for_more(void)
{
	unsigned asked = asked_now();

	if (next_hungry() < 0)
		return;
	for (unsigned i = 0; i < ranks_count() && asked < ASKED_MOST; i++) {
		const unsigned rank = (broker.next + i) % ranks_count();
		struct peer *const peer = peer_of(rank);
		if (peer->asked || peer->hungry || peer->done)
			continue;
		peer->asked = true;
		asked++;
		if (rank == 0)
			want_one();
		else
			ranks_send(rank, RANKS_WANT, NULL, 0, NULL, 0);
	}
	broker.next = (broker.next + 1) % ranks_count();
}

/* RANK gave a task.  */
static void
take_gift(unsigned rank, const char *data, size_t len)
{
	peer_of(rank)->asked = false;
	keep(data, len);
}

/* RANK is hungry, unless a task for it is on its way.  */
static void
note_hunger(unsigned rank, const struct hungry *hungry)
{
	struct peer *const peer = peer_of(rank);

	if (hungry->received != peer->sent)
		return;
	peer->hungry = true;
	peer->done = hungry->done;
}

bool
peers_are_done(void)
{
	if (!ranks_are_many())
		return true;
	for (unsigned i = 1; i < ranks_count(); i++)
		if (!peer_of(i)->done)
			return false;
	return broker.spares == NULL;
}

/* ---- in any rank ---- */

/* Send what was asked for.  */
static void
give(void)
{
	static struct task task;

	while (own.far > 0 && queue_take_far(peers.queue, &task)) {
		own.far--;
		/* What its giver has said comes before what its taker will say.  */
		peers.listen(peers.team);
		if (task.dir > 0)
			peerdevice_pack(task.data);
		if (is_broker())
			take_gift(0, (const char *) &task, queue_task_size(&task));
		else
			ranks_send(0, RANKS_TASK, &task, queue_task_size(&task), NULL, 0);
	}
}

/* Our workers are idle, and are DONE if there is nothing left at all: say so.  What they
   have said before comes before that: rank 0 finishes directories when all are done.  */
static void
say_hungry(bool done)
{
	const struct hungry hungry = { own.received, done };

	if (done)
		peers.listen(peers.team);
	own.asked = true;
	own.said_done = done;
	if (is_broker()) {
		peer_of(0)->hungry = true;
		peer_of(0)->done = done;
		return;
	}
	if (done)
		peers_send_counts();
	ranks_send(0, RANKS_HUNGRY, &hungry, sizeof hungry, NULL, 0);
}

/* Ask for work if some of our workers are idle.  */
static void
ask_if_hungry(void)
{
	const bool done = queue_is_done(peers.queue);

	if (!done && own.said_done)
		own.said_done = own.asked = false;
	if ((done && !own.said_done)
	    || (!own.asked && queue_is_hungry(peers.queue)))
		say_hungry(done);
}

/* What our queue had no room for may have some now.  */
static void
take_spare(void)
{
	struct spare *const spare = broker.spares;

	if (spare == NULL)
		return;
	broker.spares = spare->next;
	take_here((const char *) &spare->task, queue_task_size(&spare->task));
	free(spare);
}

void
peertasks_join(void)
{
	queue_set_far(peers.queue, own.far);
}

void
peertasks_look(void)
{
	if (peers.queue == NULL)
		return;
	give();
	if (!is_broker())
		take_spare();
	ask_if_hungry();
	if (is_broker()) {
		if (!own.asked)
			peer_of(0)->hungry = peer_of(0)->done = false;
		deal_spares();
		ask_for_more();
		give();
	}
}

void
peertasks_receive(const struct ranks_message *message)
{
	if (message->kind == RANKS_HUNGRY) {
		note_hunger(message->from, (const void *) message->data);
	} else if (message->kind == RANKS_WANT) {
		want_one();
	} else if (is_broker()) {
		take_gift(message->from, message->data, message->len);
	} else {
		own.received++;
		take_here(message->data, message->len);
	}
}
