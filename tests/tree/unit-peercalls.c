/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "base/rankframe.h"
#include "base/ranks.h"
#include "tree/peerhomes.h"
#include "tree/peers.h"
#include "unit.h"

/* We are rank 1 of 2, with one walker; the agent, and so rank 0, is AGENT.  */
static struct queue *queue;
static int agent;

/* What is in a frame begins with this.  */
struct head {
	uint32_t kind, len;
};

static void
listen_to_nobody(struct team *team)
{
	(void) team;
}

static void
begin(void)
{
	const struct mpi_hello hello = { .rank = 1, .ranks = 2, .ranks_here = 2 };
	const struct mpi_frame frame = { .size = sizeof hello, .rank = 1 };
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	agent = ends[0];
	ck_assert_int_eq(send(agent, &frame, sizeof frame, 0), sizeof frame);
	ck_assert_int_eq(send(agent, &hello, sizeof hello, 0), sizeof hello);
	ck_assert_int_eq(ranks_open(ends[1]), 0);
	queue = queue_new(1);
	ck_assert_ptr_nonnull(queue);
	queue_seat(queue, 0);
	peers_join(queue, listen_to_nobody, NULL);
}

static void
end(void)
{
	queue_free(queue);
}

/* Return the walker's call number 5, for a lock whose home is rank 0.  */
static struct peercall
call_for_lock(void)
{
	struct peercall call = { .what = PEERCALL_LOCK, .seat = 1, .number = 5 };

	while (peerhomes_of(&call) != 0)
		call.ino++;
	atomic_store(&queue->seats[0].called, 5);
	return call;
}

/* Rank 0 returns CALL: the lock is ours.  */
static void
answer(struct peercall call)
{
	struct {
		struct mpi_frame frame;
		struct head head;
		struct peercall call;
		char path[8];
	} message = {
		.frame = { .size = sizeof message - sizeof message.frame, .rank = 0 },
		.head = { RANKS_RETURN, sizeof message.call + 1 },
	};

	call.returns = true;
	message.call = call;
	ck_assert_int_eq(send(agent, &message, sizeof message, 0), sizeof message);
	peers_attend();
}

/* Return how many calls to unlock CALL's lock have been sent.  */
static unsigned
unlocked(const struct peercall *call)
{
	static char data[1 << 16];
	struct mpi_frame frame;
	struct peercall sent;
	struct head head;
	unsigned n = 0;

	while (recv(agent, &frame, sizeof frame, MSG_DONTWAIT) == sizeof frame) {
		ck_assert_uint_le(frame.size, sizeof data);
		ck_assert_int_eq(recv(agent, data, frame.size, MSG_WAITALL), frame.size);
		memcpy(&head, data, sizeof head);
		memcpy(&sent, data + sizeof head, sizeof sent);
		n += head.kind == RANKS_CALL && sent.what == PEERCALL_UNLOCK
			&& sent.ino == call->ino;
	}
	return n;
}

START_TEST(what_a_dead_walker_had_locked_is_free)
{
	const struct peercall call = call_for_lock();

	answer(call);
	ck_assert_uint_eq(queue->seats[0].returned, 5);
	ck_assert_uint_eq(unlocked(&call), 0);
	peers_bury(0);
	ck_assert_uint_eq(unlocked(&call), 1);
}
END_TEST

START_TEST(a_lock_that_comes_after_a_death_is_free_at_once)
{
	const struct peercall call = call_for_lock();

	peers_bury(0);
	answer(call);
	ck_assert_uint_ne(queue->seats[0].returned, 5);
	ck_assert_uint_eq(unlocked(&call), 1);
}
END_TEST

Suite *
peercalls_suite(void)
{
	Suite *const suite = suite_create("peercalls");
	TCase *const tc = tcase_create("locks");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, what_a_dead_walker_had_locked_is_free);
	tcase_add_test(tc, a_lock_that_comes_after_a_death_is_free_at_once);
	suite_add_tcase(suite, tc);
	return suite;
}
