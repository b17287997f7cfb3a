/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/memory.h"
#include "engine/userfault.h"
#include "unit.h"

enum { PAGES = 40 };

static size_t page, size;
static int file, fd;
static char *map, *bytes;

/* A file of PAGES pages but for a byte, on the kernel's own tmpfs.  */
static void
open_file(void)
{
	page = memory_page_size();
	size = PAGES * page;
	file = memfd_create("supplied", MFD_CLOEXEC);
	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(ftruncate(file, (off_t) size - 1), 0);
	map = mmap(NULL, size - 1, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	ck_assert_ptr_ne(map, MAP_FAILED);
	bytes = malloc(size);
	ck_assert_ptr_nonnull(bytes);
	for (size_t i = 0; i < size; i++)
		bytes[i] = (char) scratch_byte((off_t) i);
	fd = userfault_open(map, size - 1);
}

static void
close_file(void)
{
	if (fd >= 0)
		close(fd);
	munmap(map, size - 1);
	close(file);
	free(bytes);
}

/* Where there is no userfaultfd, that is all there is to see.  */
static bool
refused(void)
{
	if (fd < 0)
		ck_assert(errno == ENOSYS || errno == EPERM || errno == EINVAL);
	return fd < 0;
}

START_TEST(pages_come_with_their_bytes_and_no_others)
{
	if (refused())
		return;
	ck_assert_int_eq(userfault_supply(fd, map + 3 * page, bytes + 3 * page, 5 * page),
			 0);
	ck_assert_int_eq(userfault_supply(fd, map + 39 * page, bytes + 39 * page, page),
			 0);
	char *const there = calloc(1, size);
	ck_assert_ptr_nonnull(there);
	ck_assert_int_eq(descriptor_read(file, there, size, 0), size - 1);
	for (size_t i = 0; i < size - 1; i++) {
		const bool supplied = (i >= 3 * page && i < 8 * page) || i >= 39 * page;
		if (there[i] != (supplied ? bytes[i] : 0))
			ck_abort_msg("byte %zu is wrong", i);
	}
	free(there);
}
END_TEST

START_TEST(a_page_that_is_there_stays)
{
	if (refused())
		return;
	ck_assert_int_eq(descriptor_write(file, "mine", 4, (off_t) (2 * page)), 0);
	ck_assert_int_eq(userfault_supply(fd, map, bytes, 4 * page), -1);
	ck_assert_int_eq(userfault_supply(fd, map + 2 * page, bytes, page), -1);
	ck_assert_int_eq(errno, EEXIST);
	ck_assert(memcmp(map + 2 * page, "mine", 4) == 0);
}
END_TEST

START_TEST(what_can_t_be_had_is_an_error)
{
	if (refused())
		return;
	char *const gone = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1,
				0);
	ck_assert_ptr_ne(gone, MAP_FAILED);
	munmap(gone, page);
	ck_assert_int_eq(userfault_supply(fd, map, gone, page), -1);
	ck_assert_int_eq(userfault_supply(fd, map, bytes, 100), -1);
	ck_assert_int_eq(userfault_supply(-1, map, bytes, page), -1);
	ck_assert_int_eq(ftruncate(file, 0), 0);
	ck_assert_int_eq(userfault_supply(fd, map, bytes, page), -1);
}
END_TEST

START_TEST(a_missing_page_is_not_waited_for)
{
	if (refused())
		return;
	ck_assert_int_eq(memory_populate(map, page, true), -1);
	ck_assert_int_eq(descriptor_read(file, map + page, 10, 0), -1);
	ck_assert_int_eq(errno, EFAULT);
}
END_TEST

START_TEST(not_every_file_can_be_supplied)
{
	scratch_enter();
	const int other = scratch_file("f", 100);
	char *const there = mmap(NULL, 100, PROT_READ | PROT_WRITE, MAP_SHARED, other, 0);
	ck_assert_ptr_ne(there, MAP_FAILED);
	const int got = userfault_open(there, 100);
	if (got >= 0)		/* on a tmpfs */
		close(got);
	ck_assert_int_eq(userfault_open(there + 1, 100), -1);
	munmap(there, 100);
	close(other);
	scratch_leave();
}
END_TEST

Suite *
userfault_suite(void)
{
	Suite *const suite = suite_create("userfault");
	TCase *const tc = tcase_create("pages that are supplied");

	tcase_add_checked_fixture(tc, open_file, close_file);
	tcase_add_test(tc, pages_come_with_their_bytes_and_no_others);
	tcase_add_test(tc, a_page_that_is_there_stays);
	tcase_add_test(tc, what_can_t_be_had_is_an_error);
	tcase_add_test(tc, a_missing_page_is_not_waited_for);
	tcase_add_test(tc, not_every_file_can_be_supplied);
	suite_add_tcase(suite, tc);
	return suite;
}
