/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crew.h"
#include "base/signals.h"
#include "unit.h"

static struct crew crew;

static int
count_up(void *context, unsigned worker)
{
	atomic_fetch_add((_Atomic int *) context, 1);
	return worker == 3 ? -1 : 0;
}

static int
wait_for_ever(void *context, unsigned worker)
{
	(void) context, (void) worker;
	for (;;)
		pause();
	return 0;
}

START_TEST(every_worker_works_and_is_heard)
{
	_Atomic int *const count = crew_share(sizeof *count);
	unsigned worker, heard = 0;
	int status;

	signals_catch();
	crew_open(&crew);
	for (unsigned i = 0; i < 7; i++)
		ck_assert_int_eq(crew_fork(&crew, i, count_up, count), 0);
	while (crew_wait(&crew, &worker, &status) > 0) {
		ck_assert(WIFEXITED(status));
		ck_assert_int_eq(WEXITSTATUS(status), worker == 3);
		heard |= 1U << worker;
	}
	ck_assert_uint_eq(heard, 0x7f);
	ck_assert_int_eq(*count, 7);
	crew_close(&crew);
	crew_unshare(count, sizeof *count);
}
END_TEST

START_TEST(a_worker_that_is_killed_is_heard_as_killed)
{
	unsigned worker;
	int status;

	signals_catch();
	crew_open(&crew);
	ck_assert_int_eq(crew_fork(&crew, 5, wait_for_ever, NULL), 0);
	kill(crew.pids[5], SIGKILL);
	ck_assert_int_eq(crew_wait(&crew, &worker, &status), 1);
	ck_assert_uint_eq(worker, 5);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGKILL);
	crew_close(&crew);
}
END_TEST

START_TEST(a_signal_ends_the_wait_and_leaves_nobody)
{
	unsigned worker;
	int status;

	signals_catch();
	crew_open(&crew);
	for (unsigned i = 0; i < 3; i++)
		ck_assert_int_eq(crew_fork(&crew, i, wait_for_ever, NULL), 0);
	kill(getpid(), SIGTERM);
	ck_assert_int_eq(crew_wait(&crew, &worker, &status), -1);
	ck_assert_int_eq(signals_fatal(), SIGTERM);
	crew_close(&crew);
	ck_assert_int_eq(waitpid(-1, &status, WNOHANG), -1);
}
END_TEST

Suite *
crew_suite(void)
{
	Suite *const suite = suite_create("crew");
	TCase *const tc = tcase_create("workers");

	tcase_add_test(tc, every_worker_works_and_is_heard);
	tcase_add_test(tc, a_worker_that_is_killed_is_heard_as_killed);
	tcase_add_test(tc, a_signal_ends_the_wait_and_leaves_nobody);
	suite_add_tcase(suite, tc);
	return suite;
}
