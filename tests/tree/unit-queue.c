/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/bell.h"
#include "tree/share.h"
#include "tree/teamwork.h"
#include "unit.h"

/* Walkers that only count what they were given: operands, which are no files here.  */
enum { WALKERS = 4, OPERANDS = 3000 };

static struct queue *queue;
static struct arena *arenas[WALKERS];
static struct walk walks[WALKERS];
static pid_t pids[WALKERS];
static _Atomic unsigned *done;	/* for each operand */

static void
make_queue(void)
{
	queue = queue_new(WALKERS);
	ck_assert_ptr_nonnull(queue);
	done = mmap(NULL, OPERANDS * sizeof *done, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (unsigned i = 0; i < WALKERS; i++) {
		arenas[i] = arena_new(1 << 20, true);
		walks[i] = (struct walk) { .arena = arenas[i], .queue = queue,
					   .seat = &queue->seats[i],
					   .position = position_new(arenas[i]) };
		queue_seat(queue, i);
	}
}

static void
free_queue(void)
{
	queue_free(queue);
	munmap(done, OPERANDS * sizeof *done);
	for (unsigned i = 0; i < WALKERS; i++)
		arena_free(arenas[i]);
}

/* Deal with all that WALK has.  */
static void
count_all(struct walk *walk)
{
	struct level *level;
	uint32_t i;

	while ((level = walk_level(walk)) != NULL) {
		share_if_wanted(walk);
		if (level_next_operand(level, &i)) {
			for (volatile unsigned n = 0; n < 500; n++)
				;
			done[i]++;
			level_skip(level);
		} else {
			atomic_store(&walk->position->level, level->above);
			arena_pop(walk->arena, level->base);
		}
	}
}

/* Fork the walker in SEAT.  */
static void
start(unsigned seat, bool adopted)
{
	struct walk *const walk = &walks[seat];

	pids[seat] = fork();
	ck_assert_int_ge(pids[seat], 0);
	if (pids[seat] != 0)
		return;
	if (walk_level(walk) != NULL)
		walk_level(walk)->deaths = 0;	/* No name is given up here.  */
	if (adopted)
		teamwork_adopt(walk, queue, seat);
	do
		count_all(walk);
	while (queue_take(queue, seat)
	       && (share_begin(walk, &queue->seats[seat].task), true));
	_exit(0);
}

/* Give the first walker everything, and fork all.  */
static void
start_all(void)
{
	struct walk *const first = &walks[0];

	atomic_store(&first->position->level,
		     level_of_operands(first->arena, 0, OPERANDS));
	for (unsigned i = 0; i < WALKERS; i++)
		start(i, false);
}

/* Wait until all is done, and have the walkers end.  */
static void
finish_all(void)
{
	int status;

	while (!queue_is_done(queue))
		bell_wait(queue_parent_bell(queue));
	queue_end(queue);
	for (unsigned i = 0; i < WALKERS; i++) {
		ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
		ck_assert_int_eq(status, 0);
	}
}

/* Assert that nothing is lost, and no more done twice than walkers DIED.  */
static void
is_all_done(unsigned died)
{
	unsigned twice = 0;

	for (unsigned i = 0; i < OPERANDS; i++) {
		ck_assert_uint_ge(done[i], 1);
		twice += done[i] - 1;
	}
	ck_assert_uint_le(twice, died);
}

START_TEST(what_is_given_is_taken_in_order)
{
	static struct task task;
	struct seat *const giver = &queue->seats[0];

	for (unsigned i = 0; i < QUEUE_TASKS; i++) {
		task.from = i;
		ck_assert_int_eq(queue_give(queue, giver, &task), 0);
		ck_assert_uint_eq(giver->giving, i + 1);
		ck_assert(queue_has_given(queue, 0));
	}
	ck_assert_int_eq(queue_give(queue, giver, &task), -1);
	ck_assert_uint_eq(giver->giving, QUEUE_TASKS);
	ck_assert(!queue_is_done(queue));
	for (unsigned i = 0; i < QUEUE_TASKS; i++) {
		ck_assert(queue_try(queue, i % WALKERS));
		ck_assert_uint_eq(queue->seats[i % WALKERS].task.from, i);
		ck_assert(queue_has_taken(queue, i % WALKERS));
	}
	ck_assert(!queue_try(queue, 0));
}
END_TEST

START_TEST(it_is_done_when_all_are_idle)
{
	ck_assert(!queue_is_done(queue));
	for (unsigned i = 0; i < WALKERS; i++)
		queue_leave(queue, i);
	ck_assert(queue_is_done(queue));
	queue_seat(queue, 2);
	ck_assert(!queue_is_done(queue));
}
END_TEST

START_TEST(all_share_what_one_had)
{
	start_all();
	finish_all();
	is_all_done(0);
}
END_TEST

/* Walkers are killed at any moment, and others go on in their places.  */
START_TEST(nothing_is_lost_with_those_that_are_killed)
{
	unsigned died = 0;

	srand48(_i);
	start_all();
	for (unsigned n = 0; n < 12; n++) {
		const unsigned seat = (unsigned) (drand48() * WALKERS);
		const struct timespec pause = { .tv_nsec = (long) (drand48() * 300000) };
		nanosleep(&pause, NULL);
		kill(pids[seat], SIGKILL);
		ck_assert_int_eq(waitpid(pids[seat], NULL, 0), pids[seat]);
		died++;
		queue_leave(queue, seat);
		queue_ring_all(queue);
		queue_seat(queue, seat);
		start(seat, true);
	}
	finish_all();
	is_all_done(died);
}
END_TEST

START_TEST(a_lock_is_free_again_when_its_holder_is_killed)
{
	const pid_t pid = fork();

	if (pid == 0) {
		robustlock_take(&queue->lock);
		raise(SIGKILL);
	}
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	queue->idle = 77;
	queue_leave(queue, 0);
	ck_assert_uint_eq(queue->idle, 0);
	ck_assert(robustlock_take(queue_lock_of(queue, 5)) == false);
	robustlock_release(queue_lock_of(queue, 5));
}
END_TEST

/* Have the worker in SEAT die with the lock: it was GIVING a task or taking one.  */
static void
die_with_the_lock(unsigned seat, bool giving)
{
	const pid_t pid = fork();

	if (pid == 0) {
		robustlock_take(&queue->lock);
		if (giving)
			queue->seats[seat].giving = queue->tail + 1;
		else
			queue->seats[seat].task.number = queue->head + 1;
		raise(SIGKILL);
	}
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

/* Nor is it when another worker gives the task of that number.  */
START_TEST(what_a_dead_worker_was_about_to_give_is_not_given)
{
	static struct task task;

	die_with_the_lock(0, true);
	ck_assert(!queue_has_given(queue, 0));
	ck_assert_int_eq(queue_give(queue, &queue->seats[1], &task), 0);
	ck_assert(!queue_has_given(queue, 0));
	ck_assert(queue_has_given(queue, 1));
}
END_TEST

START_TEST(what_a_dead_worker_was_about_to_take_is_not_taken)
{
	static struct task task;

	ck_assert_int_eq(queue_give(queue, &queue->seats[0], &task), 0);
	die_with_the_lock(1, false);
	ck_assert(!queue_has_taken(queue, 1));
	ck_assert(queue_try(queue, 2));
	ck_assert(!queue_has_taken(queue, 1));
	ck_assert(queue_has_taken(queue, 2));
}
END_TEST

/* ---- other ranks ---- */

/* The worker in SEAT waits for a task.  */
static void
be_idle(unsigned seat)
{
	robustlock_take(&queue->lock);
	queue->seats[seat].state = SEAT_IDLE;
	robustlock_release(&queue->lock);
}

/* Return whether BELL was rung since we asked last.  */
static bool
rang(int bell)
{
	struct pollfd fd = { .fd = bell, .events = POLLIN };
	const bool ret = poll(&fd, 1, 0) == 1;

	bell_hear(bell);
	return ret;
}

static void
give_operand(uint32_t number)
{
	static struct task task;

	task.from = number;
	task.to = number + 1;
	ck_assert_int_eq(queue_give(queue, &queue->seats[0], &task), 0);
}

START_TEST(other_ranks_get_what_they_wait_for_and_no_more)
{
	static struct task task;

	give_operand(1);
	give_operand(2);
	ck_assert(!queue_take_far(queue, &task));
	queue_set_far(queue, 1);
	ck_assert_uint_eq(queue->wanted, 1);
	ck_assert(queue_take_far(queue, &task));
	ck_assert_uint_eq(task.from, 1);
	ck_assert_uint_eq(queue->wanted, 0);
	ck_assert(!queue_take_far(queue, &task));
	queue_set_far(queue, 2);
	ck_assert(queue_take_far(queue, &task));
	ck_assert_uint_eq(task.from, 2);
	ck_assert(!queue_take_far(queue, &task));
	ck_assert_uint_eq(queue->wanted, 1);
}
END_TEST

START_TEST(who_is_idle_here_comes_before_other_ranks)
{
	static struct task task;

	be_idle(3);
	queue_set_far(queue, 1);
	ck_assert_uint_eq(queue->wanted, 2);
	give_operand(7);	/* for which 3 was called */
	ck_assert(rang(queue->bells[3]));
	ck_assert(!rang(queue_parent_bell(queue)));
	ck_assert(queue_try(queue, 3));
	ck_assert(!queue_take_far(queue, &task));
	give_operand(8);
	ck_assert(rang(queue_parent_bell(queue)));
	be_idle(2);
	ck_assert(!queue_take_far(queue, &task));
	queue_seat(queue, 2);
	ck_assert(queue_take_far(queue, &task));
	ck_assert_uint_eq(task.from, 8);
}
END_TEST

START_TEST(it_is_hungry_while_somebody_waits_in_vain)
{
	ck_assert(!queue_is_hungry(queue));
	be_idle(1);
	ck_assert(queue_is_hungry(queue));
	ck_assert(!queue_is_done(queue));
	give_operand(1);
	ck_assert(!queue_is_hungry(queue));
	ck_assert(queue_try(queue, 1));
	ck_assert(!queue_is_hungry(queue));
	for (unsigned i = 0; i < WALKERS; i++)
		be_idle(i);
	ck_assert(queue_is_hungry(queue));
	ck_assert(queue_is_done(queue));
}
END_TEST

START_TEST(what_other_ranks_wait_for_survives_who_held_the_lock)
{
	static struct task task;

	give_operand(1);
	queue_set_far(queue, 1);
	die_with_the_lock(1, false);
	ck_assert(queue_take_far(queue, &task));
	ck_assert(!queue_has_taken(queue, 1));
	ck_assert_uint_eq(queue->wanted, 0);
}
END_TEST

Suite *
queue_suite(void)
{
	Suite *const suite = suite_create("queue");
	TCase *const tc = tcase_create("walkers");

	tcase_add_checked_fixture(tc, make_queue, free_queue);
	tcase_add_test(tc, what_is_given_is_taken_in_order);
	tcase_add_test(tc, it_is_done_when_all_are_idle);
	tcase_add_loop_test(tc, all_share_what_one_had, 0, 5);
	tcase_add_loop_test(tc, nothing_is_lost_with_those_that_are_killed, 0, 40);
	tcase_add_test(tc, a_lock_is_free_again_when_its_holder_is_killed);
	tcase_add_test(tc, what_a_dead_worker_was_about_to_give_is_not_given);
	tcase_add_test(tc, what_a_dead_worker_was_about_to_take_is_not_taken);
	tcase_add_test(tc, other_ranks_get_what_they_wait_for_and_no_more);
	tcase_add_test(tc, who_is_idle_here_comes_before_other_ranks);
	tcase_add_test(tc, it_is_hungry_while_somebody_waits_in_vain);
	tcase_add_test(tc, what_other_ranks_wait_for_survives_who_held_the_lock);
	suite_add_tcase(suite, tc);
	return suite;
}
