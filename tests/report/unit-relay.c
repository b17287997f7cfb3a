/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bell.h"
#include "report/message.h"
#include "report/relay.h"
#include "unit.h"

enum { WORKERS = 3 };

static struct shared {
	_Atomic uint64_t blocks;
	_Atomic unsigned turn;
	struct relay relay[WORKERS];
} *shared;
static struct relay_reader reader[WORKERS];
static struct relay_readers readers;
static int ends[WORKERS][2], bell;
static unsigned taken;

static void
take(void *context, const void *data, size_t len)
{
	ck_assert_ptr_eq(context, &taken);
	ck_assert_uint_ge(len, 6);
	ck_assert_str_eq(data, "given");
	taken++;
}

static void
make_pipes(void)
{
	scratch_enter();
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bell = bell_new();
	readers = (struct relay_readers) { reader, WORKERS };
	relay_takes(RELAY_DIRECTORY, take, &taken);
	relay_takes(RELAY_LISTED, take, &taken);
	for (unsigned i = 0; i < WORKERS; i++) {
		ck_assert_int_eq(pipe2(ends[i], O_CLOEXEC), 0);
		fcntl(ends[i][0], F_SETFL, O_NONBLOCK);
		relay_open(&reader[i], ends[i][0]);
	}
	ck_assert_ptr_nonnull(freopen("stdout", "w+", stdout));
}

/* Be worker I in a child: return true there.  */
static bool
is_worker(unsigned i)
{
	if (fork() != 0)
		return false;
	relay_begin(&shared->relay[i], ends[i][1], &shared->blocks, bell);
	return true;
}

static void
wait_for_all(void)
{
	while (wait(NULL) > 0)
		;
}

/* Assert that what was printed is TEXT.  */
static void
is_printed(const char *text)
{
	char printed[1 << 16];

	fflush(stdout);
	rewind(stdout);
	const size_t len = fread(printed, 1, sizeof printed - 1, stdout);
	printed[len] = '\0';
	ck_assert_str_eq(printed, text);
}

START_TEST(the_parent_prints_what_a_worker_says)
{
	scratch_hush();
	if (is_worker(0)) {
		message_print("one %d", 1);
		message_error(0, "bad");
		relay_give(RELAY_LISTED, "given", 6);
		relay_give(RELAY_DIRECTORY, "given", 6);
		message_put(false, "raw\n", 4);
		relay_flush();
		_exit(0);
	}
	wait_for_all();
	ck_assert_int_eq(relay_receive(&readers), -1);
	ck_assert_uint_eq(taken, 2);
	ck_assert_int_eq(message_status(), 1);
	ck_assert_ptr_nonnull(strstr(scratch_said(), ": bad\n"));
	is_printed("one 1\nraw\n");
}
END_TEST

/* Three workers say a line each, in turn, many times: the order is kept.  */
START_TEST(what_came_first_is_printed_first)
{
	enum { LINES = 150 };
	static char expected[1 << 16];
	size_t len = 0;

	for (unsigned i = 0; i < WORKERS; i++)
		if (is_worker(i)) {
			for (unsigned n = i; n < LINES; n += WORKERS) {
				while (shared->turn != n)
					sched_yield();
				message_print("line %u", n);
				relay_flush();
				shared->turn = n + 1;
			}
			_exit(0);
		}
	while (shared->turn < LINES) {
		relay_receive(&readers);
		sched_yield();
	}
	relay_receive(&readers);
	wait_for_all();
	for (unsigned n = 0; n < LINES; n++)
		len += (size_t) sprintf(expected + len, "line %u\n", n);
	is_printed(expected);
}
END_TEST

START_TEST(what_the_dead_had_to_say_is_said_once)
{
	if (is_worker(0)) {
		message_print("sent");
		relay_flush();
		message_print("kept");
		raise(SIGKILL);
	}
	wait_for_all();		/* Blocks of both are counted.  */
	if (is_worker(1)) {
		/* It dies between the write and the note that it was written.  */
		message_print("twice");
		const struct relay saved = shared->relay[1];
		relay_flush();
		memcpy(&shared->relay[1], &saved, sizeof saved);
		shared->relay[1].block.number = shared->blocks;
		raise(SIGKILL);
	}
	wait_for_all();
	relay_receive(&readers);
	relay_close(&reader[1], &shared->relay[1]);
	relay_close(&reader[0], &shared->relay[0]);
	fflush(stdout);
	rewind(stdout);
	char line[16];
	unsigned lines = 0, twice = 0, kept = 0;
	while (fgets(line, sizeof line, stdout) != NULL) {
		lines++;
		twice += strcmp(line, "twice\n") == 0;
		kept += strcmp(line, "kept\n") == 0;
	}
	ck_assert_uint_eq(lines, 3);
	ck_assert_uint_eq(twice, 1);
	ck_assert_uint_eq(kept, 1);
}
END_TEST

START_TEST(what_was_cut_off_is_dropped)
{
	const struct relay_block block = { .size = 100, .number = 1 };

	ck_assert_int_eq(write(ends[0][1], &block, sizeof block), sizeof block);
	ck_assert_int_eq(write(ends[0][1], "half", 4), 4);
	close(ends[0][1]);
	ck_assert_int_eq(relay_receive(&readers), -1);
	relay_close(&reader[0], &shared->relay[0]);
	is_printed("");
}
END_TEST

START_TEST(a_long_line_is_printed_whole)
{
	static char text[3 * RELAY_ROOM];

	memset(text, 'x', sizeof text - 1);
	if (is_worker(0)) {
		message_print("before");
		message_print("%s", text);
		message_print("after");
		relay_flush();
		_exit(0);
	}
	close(ends[0][1]);
	while (reader[0].last < 3)
		relay_receive(&readers);
	wait_for_all();
	fflush(stdout);
	ck_assert_int_eq(ftell(stdout), 7 + sizeof text + 6);
}
END_TEST

__attribute__((format(printf, 1, 2))) static bool
ask(const char *format, ...)
{
	va_list args;
	bool yes = false;

	va_start(args, format);
	ck_assert(message_diverts_question(&yes, format, args));
	va_end(args);
	return yes;
}

START_TEST(a_question_is_answered)
{
	int status;

	scratch_hush();
	for (unsigned yes = 0; yes < 2; yes++) {
		if (is_worker(0)) {
			_exit(ask("really %d? ", 1));
		}
		while (relay_receive(&readers) != 0)
			;
		relay_answer(&shared->relay[0], yes, bell);
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(WEXITSTATUS(status), yes);
	}
	ck_assert_ptr_nonnull(strstr(scratch_said(), ": really 1? "));
}
END_TEST

Suite *
relay_suite(void)
{
	Suite *const suite = suite_create("relay");
	TCase *const tc = tcase_create("pipes");

	tcase_add_checked_fixture(tc, make_pipes, scratch_leave);
	tcase_add_test(tc, the_parent_prints_what_a_worker_says);
	tcase_add_test(tc, what_came_first_is_printed_first);
	tcase_add_test(tc, what_the_dead_had_to_say_is_said_once);
	tcase_add_test(tc, what_was_cut_off_is_dropped);
	tcase_add_test(tc, a_long_line_is_printed_whole);
	tcase_add_test(tc, a_question_is_answered);
	suite_add_tcase(suite, tc);
	return suite;
}
