/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peers.c: messages from other ranks, to whom each kind is for; and what is said at
   rank 0 alone: words, and counts.  */
#include "config.h"

#include "tree/peers.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/signals.h"
#include "base/totals.h"
#include "report/message.h"
#include "report/prompt.h"
#include "report/relay.h"
#include "report/usage.h"
#include "tree/peerhomes.h"
#include "tree/peerstate.h"

/* Nanoseconds between two messages with a rank's counts.  */
#define COUNTS_EVERY UINT64_C(100000000)

struct peers peers;

static struct {
	uint64_t counted;	/* when counts were sent last */
	unsigned asks[WORKERS_MAX + 1];	/* seats that have a question, from 1; 0 is the
					   parent; answers come in the same order */
	unsigned asked, heard;	/* questions, and answers, so far */
	bool answered, yes;	/* the parent's */
} own;

void
peers_give_up(void)
{
	message_divert(NULL);
	usage_cannot_begin(errno);
	_exit(1);
}

void *
peers_allocate(size_t size)
{
	void *const memory = calloc(1, size);

	if (memory == NULL)
		peers_give_up();
	return memory;
}

/* ---- what other ranks say ---- */

/* Rank FROM has counted COUNTS.  */
static void
take_counts(unsigned from, const struct counts *counts)
{
	static unsigned *numbers;	/* of the ranks' sets, and 1 */

	if (numbers == NULL)
		numbers = peers_allocate(ranks_count() * sizeof *numbers);
	if (numbers[from] == 0) {
		totals_share();
		numbers[from] = 1 + totals_assign();
	}
	totals_set(numbers[from] - 1, counts);
}

/* The first rank has answered: YES or not.  */
static void
take_answer(const bool *yes)
{
	const unsigned seat = own.asks[own.heard++ % (WORKERS_MAX + 1)];

	if (seat == 0) {
		own.answered = true;
		own.yes = *yes;
	} else if (peers.queue != NULL) {
		struct queue *const queue = peers.queue;
		relay_answer(&queue->seats[seat - 1].relay, *yes, queue->bells[seat - 1]);
	}
}

static void
receive(const struct ranks_message *message)
{
	switch (message->kind) {
	case RANKS_HUNGRY:
	case RANKS_WANT:
	case RANKS_TASK:
		peertasks_receive(message);
		break;
	case RANKS_CALL:
	case RANKS_RETURN:
		peercalls_receive(message);
		break;
	case RANKS_SAYS:
		relay_print(message->data, message->len);
		break;
	case RANKS_ASKS: {
		const bool yes = prompt_answer();
		ranks_send(message->from, RANKS_ANSWER, &yes, sizeof yes, NULL, 0);
		break;
	}
	case RANKS_ANSWER:
		take_answer((const void *) message->data);
		break;
	case RANKS_COUNTS:
		take_counts(message->from, (const void *) message->data);
		break;
	case RANKS_END:
		peers.ended = true;
		break;
	case RANKS_LEAVES:
		peers.leaving++;
		break;
	case RANKS_FACTS:
	case RANKS_READY:
	case RANKS_BEGIN:	/* peermeet.c has waited for them */
		break;
	}
}

static void
receive_all(void)
{
	struct ranks_message message;

	while (ranks_receive(&message, false))
		receive(&message);
}

void
peers_wait(void)
{
	struct ranks_message message;

	peercalls_look();
	if (ranks_receive(&message, true))
		receive(&message);
}

/* ---- what we say ---- */

void
peers_send_counts(void)
{
	struct counts counts;

	totals_read_all(&counts);
	ranks_send(0, RANKS_COUNTS, &counts, sizeof counts, NULL, 0);
	own.counted = clock_now();
}

static void
send_records(const void *records, size_t size)
{
	ranks_send(0, RANKS_SAYS, records, size, NULL, 0);
}

/* SEAT, or the parent, has sent a question.  */
static void
send_ask(unsigned seat)
{
	own.asks[own.asked++ % (WORKERS_MAX + 1)] = seat;
	ranks_send(0, RANKS_ASKS, NULL, 0, NULL, 0);
}

/* The parent has sent a question.  Return the answer.  */
static bool
ask(void)
{
	own.answered = false;
	send_ask(0);
	while (!own.answered && signals_fatal() == 0)
		peers_wait();
	return own.answered && own.yes;
}

bool
peers_ask(unsigned seat)
{
	if (ranks_own() == 0)
		return false;
	send_ask(seat + 1);
	return true;
}

void
peers_speak_far(void)
{
	if (ranks_own() > 0)
		relay_begin_far(send_records, ask);
}

/* ---- for the team ---- */

void
peers_join(struct queue *queue, void (*listen)(struct team *team), struct team *team)
{
	if (!ranks_are_many())
		return;
	peers.queue = queue;
	peers.listen = listen;
	peers.team = team;
	atomic_store(&queue->tells, true);
	peers_share_files_by(queue);
	peertasks_join();
}

void
peers_quit(void)
{
	peers.queue = NULL;
	peers_share_files_by(NULL);
}

void
peers_attend(void)
{
	if (!ranks_are_many())
		return;
	receive_all();
	peercalls_look();
	peertasks_look();
	if (ranks_own() > 0 && clock_now() - own.counted > COUNTS_EVERY)
		peers_send_counts();
}

bool
peers_have_ended(void)
{
	return peers.ended;
}

/* ---- the end ---- */

void
peers_end(void)
{
	if (ranks_own() == 0)
		ranks_send_all(RANKS_END, NULL, 0);
}

void
peers_leave(void)
{
	if (ranks_own() > 0) {
		relay_flush();
		peers_send_counts();
		ranks_send(0, RANKS_LEAVES, NULL, 0, NULL, 0);
	}
	while (ranks_own() == 0 && peers.leaving + 1 < ranks_count()
	       && signals_fatal() == 0)
		peers_wait();
}
