/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/syscalls.h"
#include "engine/extent.h"
#include "unit.h"

enum { BLOCK = 65536 };

/* A file of five blocks with data in the second and the fourth.  Its descriptor, or -1
   where the file system keeps no holes.  */
static int
file_with_holes(void)
{
	static const char data[BLOCK] = { 1 };
	const int fd = scratch_file("sparse", 0);

	ck_assert_int_eq(descriptor_write(fd, data, BLOCK, BLOCK), 0);
	ck_assert_int_eq(descriptor_write(fd, data, BLOCK, 3 * BLOCK), 0);
	ck_assert_int_eq(ftruncate(fd, 5 * BLOCK), 0);
	return sys_next_data(fd, 0) == BLOCK ? fd : -1;
}

START_TEST(data_is_found_between_holes)
{
	struct extent data = { 0, 0 };
	const int fd = file_with_holes();

	if (fd < 0)
		return;
	ck_assert_int_eq(extent_next(fd, 0, 5 * BLOCK, &data), 1);
	ck_assert_int_eq(data.start, BLOCK);
	ck_assert_int_eq(data.end, 2 * BLOCK);
	ck_assert_int_eq(extent_next(fd, data.end, 5 * BLOCK, &data), 1);
	ck_assert_int_eq(data.start, 3 * BLOCK);
	ck_assert_int_eq(data.end, 4 * BLOCK);
	ck_assert_int_eq(extent_next(fd, data.end, 5 * BLOCK, &data), 0);
	close(fd);
}
END_TEST

START_TEST(nothing_is_found_past_the_limit)
{
	struct extent data = { 0, 0 };
	const int fd = file_with_holes();

	if (fd < 0)
		return;
	ck_assert_int_eq(extent_next(fd, 0, BLOCK, &data), 0);
	ck_assert_int_eq(extent_next(fd, 0, BLOCK + 1, &data), 1);
	ck_assert_int_eq(data.end, BLOCK + 1);
	ck_assert_int_eq(extent_next(fd, BLOCK, BLOCK, &data), 0);
	close(fd);
}
END_TEST

START_TEST(a_limit_past_the_end_is_data_to_the_last_byte)
{
	struct extent data = { 0, 0 };
	const int fd = scratch_file("full", 100);

	ck_assert_int_eq(extent_next(fd, 0, 100, &data), 1);
	ck_assert_int_eq(data.start, 0);
	ck_assert_int_eq(data.end, 100);
	ck_assert_int_eq(extent_next(fd, 100, 100, &data), 0);
	close(fd);
}
END_TEST

START_TEST(what_cannot_seek_is_all_data)
{
	struct extent data = { 0, 0 };
	int pipes[2];

	ck_assert_int_eq(pipe(pipes), 0);
	ck_assert_int_eq(extent_next(pipes[0], 10, 20, &data), 1);
	ck_assert_int_eq(data.start, 10);
	ck_assert_int_eq(data.end, 20);
	close(pipes[0]);
	close(pipes[1]);
}
END_TEST

Suite *
extent_suite(void)
{
	Suite *const suite = suite_create("extent");
	TCase *const tc = tcase_create("data and holes");

	tcase_add_checked_fixture(tc, scratch_enter, scratch_leave);
	tcase_add_test(tc, data_is_found_between_holes);
	tcase_add_test(tc, nothing_is_found_past_the_limit);
	tcase_add_test(tc, a_limit_past_the_end_is_data_to_the_last_byte);
	tcase_add_test(tc, what_cannot_seek_is_all_data);
	suite_add_tcase(suite, tc);
	return suite;
}
