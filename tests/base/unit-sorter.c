/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sorter.h"
#include "unit.h"

enum { ROOM = 128 << 10, MANY = 100000 };

static int opened;		/* how often a file was asked for */

static int
open_file(void *context)
{
	ck_assert_ptr_eq(context, &opened);
	opened++;
	const int fd = open("runs", O_RDWR | O_CREAT | O_EXCL, 0600);
	unlink("runs");
	return fd;
}

static struct sorter *
make(size_t room)
{
	struct sorter *const sorter = sorter_new(room, open_file, &opened);

	ck_assert_ptr_nonnull(sorter);
	opened = 0;
	return sorter;
}

static void
add(struct sorter *sorter, const char *key, const char *value)
{
	ck_assert_int_eq(sorter_add(sorter, key, strlen(key), value, strlen(value)), 0);
}

static char visited[4096];

/* Append what is visited to VISITED.  */
static int
note(void *context, const struct sorter_record *record)
{
	(void) context;
	snprintf(visited + strlen(visited), sizeof visited - strlen(visited),
		 "%.*s=%.*s ", (int) record->key, record->bytes, (int) record->value,
		 record->bytes + record->key);
	return 0;
}

START_TEST(keys_are_visited_bytewise_and_the_last_value_counts)
{
	struct sorter *const sorter = make(ROOM);

	add(sorter, "b", "1");
	add(sorter, "a", "2");
	add(sorter, "\377", "3");
	add(sorter, "ab", "4");
	add(sorter, "a", "5");
	add(sorter, "", "6");
	add(sorter, "b", "");
	add(sorter, "a!", "7");
	*visited = '\0';
	ck_assert_int_eq(sorter_visit(sorter, note, NULL), 0);
	ck_assert_str_eq(visited, "=6 a=5 a!=7 ab=4 b= \377=3 ");
	ck_assert_int_eq(opened, 0);
	sorter_free(sorter);
}
END_TEST

START_TEST(nothing_is_visited_of_nothing)
{
	struct sorter *const sorter = make(ROOM);

	*visited = '\0';
	ck_assert_int_eq(sorter_visit(sorter, note, NULL), 0);
	ck_assert_str_eq(visited, "");
	sorter_free(sorter);
	sorter_free(NULL);
}
END_TEST

static unsigned next;

/* The keys are the numbers in their order; so are the values, or what replaced them.  */
static int
compare(void *context, const struct sorter_record *record)
{
	char wanted[32];
	const int len = snprintf(wanted, sizeof wanted, "%06u%06u", next,
				 next % 7 == 0 ? next + 1 : next);

	(void) context;
	ck_assert_uint_eq(record->key, 6);
	ck_assert_uint_eq(record->value, 6);
	ck_assert_mem_eq(record->bytes, wanted, (size_t) len);
	next++;
	return 0;
}

static void
add_number(struct sorter *sorter, unsigned key, unsigned value)
{
	char text[2][32];

	snprintf(text[0], sizeof text[0], "%06u", key);
	snprintf(text[1], sizeof text[1], "%06u", value);
	add(sorter, text[0], text[1]);
}

/* _i is the room: with the least of it, there are more runs than it has room to read.  */
START_TEST(what_memory_is_too_small_for_is_sorted_too)
{
	struct sorter *const sorter = make((size_t) _i << 10);
	/* Each number once, in no order: the step has no factor in common.  */
	const unsigned step = 38197;

	for (unsigned i = 0, n = 0; i < MANY; i++, n = (n + step) % MANY)
		add_number(sorter, n, n);
	for (unsigned n = 0; n < MANY; n += 7)
		add_number(sorter, n, n + 1);
	next = 0;
	ck_assert_int_eq(sorter_visit(sorter, compare, NULL), 0);
	ck_assert_uint_eq(next, MANY);
	ck_assert_int_eq(opened, 1);
	sorter_free(sorter);
}
END_TEST

/* All bytes of a key are the same letter.  */
static int
look(void *context, const struct sorter_record *record)
{
	(void) context;
	ck_assert_uint_eq(record->value, 0);
	for (size_t i = 1; i < record->key; i++)
		ck_assert_int_eq(record->bytes[i], record->bytes[0]);
	next++;
	return 0;
}

START_TEST(long_and_short_records_are_read_back)
{
	struct sorter *const sorter = make(ROOM);
	static char key[SORTER_RECORD_MOST];
	static const size_t lengths[] = { 1, SORTER_RECORD_MOST, 7, 4096, 8 };
	const size_t kinds = sizeof lengths / sizeof *lengths;

	for (unsigned i = 0; i < 200; i++) {
		memset(key, 'a' + (int) (i % 26), sizeof key);
		ck_assert_int_eq(sorter_add(sorter, key, lengths[i % kinds], "", 0), 0);
	}
	next = 0;
	ck_assert_int_eq(sorter_visit(sorter, look, NULL), 0);
	ck_assert_uint_eq(next, 26 * kinds);
	sorter_free(sorter);
}
END_TEST

static int
refuse(void *context)
{
	(void) context;
	errno = ENOSPC;
	return -1;
}

START_TEST(without_a_file_the_reason_is_kept)
{
	struct sorter *const sorter = sorter_new(ROOM, refuse, NULL);
	unsigned i = 0;

	while (sorter_add(sorter, &i, sizeof i, "", 0) == 0)
		ck_assert_uint_lt(i++, ROOM);
	ck_assert_int_eq(errno, ENOSPC);
	errno = 0;
	ck_assert_int_eq(sorter_visit(sorter, note, NULL), -1);
	ck_assert_int_eq(errno, ENOSPC);
	sorter_free(sorter);
}
END_TEST

Suite *
sorter_suite(void)
{
	Suite *const suite = suite_create("sorter");
	TCase *const tc = tcase_create("records");

	tcase_add_checked_fixture(tc, scratch_enter, scratch_leave);
	tcase_add_test(tc, keys_are_visited_bytewise_and_the_last_value_counts);
	tcase_add_test(tc, nothing_is_visited_of_nothing);
	tcase_add_loop_test(tc, what_memory_is_too_small_for_is_sorted_too, 128, 129);
	tcase_add_loop_test(tc, what_memory_is_too_small_for_is_sorted_too, 1024, 1025);
	tcase_add_test(tc, long_and_short_records_are_read_back);
	tcase_add_test(tc, without_a_file_the_reason_is_kept);
	suite_add_tcase(suite, tc);
	return suite;
}
