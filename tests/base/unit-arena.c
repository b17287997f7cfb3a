/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "unit.h"

static struct arena *arena;

static void
make_shared(void)
{
	arena = arena_new(1 << 22, true);
	ck_assert_ptr_nonnull(arena);
}

static void
make_private(void)
{
	arena = arena_new(1 << 22, false);
	ck_assert_ptr_nonnull(arena);
}

static void
free_arena(void)
{
	arena_free(arena);
}

START_TEST(what_is_pushed_lies_on_what_was_there)
{
	char *const first = arena_push(arena, 10);
	char *const second = arena_push(arena, 1000);

	ck_assert_uint_eq((uintptr_t) first % _Alignof(max_align_t), 0);
	ck_assert_uint_eq((uintptr_t) second % _Alignof(max_align_t), 0);
	ck_assert(second >= first + 10 && second < first + 100);
	memset(first, 'a', 10);
	memset(second, 'b', 1000);
	ck_assert_int_eq(arena_resize(arena, second, 100000), 0);
	ck_assert_int_eq(first[9], 'a');
	ck_assert_int_eq(second[999], 'b');
	arena_pop(arena, second);
	ck_assert_ptr_eq(arena_top(arena), second);
	ck_assert_ptr_eq(arena_push(arena, 1), second);
}
END_TEST

START_TEST(what_does_not_fit_is_refused)
{
	char *const last = arena_push(arena, 10);

	ck_assert_ptr_null(arena_push(arena, 1 << 22));
	ck_assert_int_eq(errno, ENOMEM);
	ck_assert_ptr_null(arena_push(arena, SIZE_MAX));
	ck_assert_int_eq(arena_resize(arena, last, 1 << 22), -1);
	ck_assert_int_eq(arena_resize(arena, last, SIZE_MAX), -1);
	ck_assert_int_eq(errno, ENOMEM);
	ck_assert_ptr_nonnull(arena_push(arena, 1 << 20));
	ck_assert_ptr_null(arena_new(0, true));
}
END_TEST

START_TEST(memory_that_was_given_back_is_zeros)
{
	char *const low = arena_push(arena, 100);
	char *const high = arena_push(arena, 3 << 20);

	memset(low, 'l', 100);
	memset(high, 'h', 3 << 20);
	arena_pop(arena, high);
	ck_assert_int_eq(low[99], 'l');
	ck_assert_ptr_eq(arena_push(arena, 3 << 20), high);
	ck_assert_int_eq(high[2 << 20], 0);
}
END_TEST

START_TEST(what_a_child_leaves_is_there)
{
	char *const text = arena_push(arena, 10);
	int status;

	if (fork() == 0) {
		strcpy(text, "left");
		strcpy(arena_push(arena, 10), "too");
		_exit(0);
	}
	ck_assert_int_gt(wait(&status), 0);
	ck_assert_str_eq(text, "left");
	ck_assert_str_eq(text + 16, "too");
	ck_assert_ptr_eq(arena_top(arena), text + 32);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, what_is_pushed_lies_on_what_was_there);
	tcase_add_test(tc, what_does_not_fit_is_refused);
	tcase_add_test(tc, memory_that_was_given_back_is_zeros);
}

Suite *
arena_suite(void)
{
	Suite *const suite = suite_create("arena");
	TCase *const shared = tcase_create("a shared stack");
	TCase *const private = tcase_create("a private stack");

	tcase_add_checked_fixture(shared, make_shared, free_arena);
	tcase_add_checked_fixture(private, make_private, free_arena);
	tcase_add_test(shared, what_a_child_leaves_is_there);
	add_tests(shared);
	add_tests(private);
	suite_add_tcase(suite, shared);
	suite_add_tcase(suite, private);
	return suite;
}
