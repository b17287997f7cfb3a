/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/guard.h"
#include "engine/mapping.h"
#include "unit.h"

enum { SIZE = 1000000 };

static struct mapping_pair map;
static int source, dest;

static void
open_pair(void)
{
	scratch_enter();
	source = scratch_file("source", SIZE);
	dest = scratch_file("dest", 0);
	ck_assert_int_eq(ftruncate(dest, SIZE), 0);
	const struct mapping_wish wish = { .source = source, .dest = dest, .size = SIZE,
				       .folios = MAPPING_GROWING };
	ck_assert_int_eq(mapping_open(&map, &wish), 0);
	guard_install();
}

static void
close_pair(void)
{
	ck_assert_int_eq(mapping_close(&map), 0);
	close(source);
	close(dest);
	scratch_leave();
}

static void
assert_copied(off_t from, off_t end)
{
	static unsigned char bytes[SIZE];

	ck_assert_int_eq(descriptor_read(dest, bytes, SIZE, 0), SIZE);
	for (off_t i = 0; i < SIZE; i++)
		if (bytes[i] != (i >= from && i < end ? scratch_byte(i) : 0))
			ck_abort_msg("byte %jd is wrong", (intmax_t) i);
}

START_TEST(a_window_is_copied_and_nothing_else)
{
	ck_assert_int_eq(mapping_copy(&map, 5000, 70001), 0);
	assert_copied(5000, 75001);
}
END_TEST

START_TEST(the_whole_file_is_copied_to_its_last_byte)
{
	ck_assert_int_eq(mapping_copy(&map, 0, SIZE), 0);
	ck_assert_int_eq(mapping_sync(&map, true), 0);
	assert_copied(0, SIZE);
}
END_TEST

START_TEST(the_kernel_writes_from_the_source)
{
	ck_assert_int_eq(mapping_write(&map, dest, 5000, 70001, SIZE_MAX), 0);
	assert_copied(5000, 75001);
	ck_assert_int_eq(ftruncate(source, 100), 0);
	ck_assert_int_eq(mapping_write(&map, dest, 0, SIZE, SIZE_MAX), -1);
	ck_assert_int_eq(errno, EFAULT);
	ck_assert_int_eq(mapping_write(&map, dest, 500000, 100, SIZE_MAX), -1);
	ck_assert_int_eq(errno, EFAULT);
	ck_assert_int_eq(mapping_write(&map, -1, 0, 100, SIZE_MAX), -1);
	ck_assert_int_eq(errno, EBADF);
}
END_TEST

START_TEST(a_source_cut_short_is_an_answer_and_not_a_signal)
{
	ck_assert_int_eq(ftruncate(source, 100), 0);
	ck_assert_int_eq(mapping_copy(&map, 0, SIZE), -1);
	ck_assert_int_eq(mapping_copy(&map, 0, 50), 0);	/* and the guard still stands */
	ck_assert_int_eq(mapping_copy(&map, 500000, 100), -1);
}
END_TEST

START_TEST(a_destination_cut_short_is_an_answer_and_not_a_signal)
{
	ck_assert_int_eq(ftruncate(dest, 100), 0);
	ck_assert_int_eq(mapping_copy(&map, 0, SIZE), -1);
	ck_assert_int_eq(ftruncate(dest, SIZE), 0);
	ck_assert_int_eq(mapping_copy(&map, 0, SIZE), 0);
	assert_copied(0, SIZE);
}
END_TEST

START_TEST(what_is_read_into_the_mapping_is_whole_or_an_error)
{
	ck_assert_int_eq(mapping_read(&map, source, 5000, 70001), 0);
	assert_copied(5000, 75001);
	ck_assert_int_eq(mapping_read(&map, -1, 0, 100), -1);
	ck_assert_int_eq(mapping_read(&map, source, SIZE - 100, 200), -1);
	ck_assert_int_eq(ftruncate(dest, 0), 0);
	ck_assert_int_eq(mapping_read(&map, source, 5000, 100), -1);
}
END_TEST

#ifndef __SANITIZE_ADDRESS__		/* which has a handler of its own */
START_TEST(a_bus_error_of_another_s_making_still_kills)
{
	ck_assert_int_eq(ftruncate(source, 0), 0);
	scratch_leave();	/* There is no other end.  */
	(void) *(volatile char *) map.source;
}
END_TEST
#endif

START_TEST(what_is_given_back_leaves_the_rest)
{
	mapping_give_back(&map, 65536);
	ck_assert_int_eq(mapping_copy(&map, 65536, SIZE - 65536), 0);
	assert_copied(65536, SIZE);
}
END_TEST

START_TEST(who_has_the_addresses_that_were_given_back_keeps_them)
{
	const struct mapping_wish wish = { .source = source, .dest = -1, .size = SIZE };
	struct mapping_pair alone;

	ck_assert_int_eq(mapping_open(&alone, &wish), 0);
	char *const given = alone.source;
	mapping_give_back(&alone, 70000);
	ck_assert_int_eq(mapping_write(&alone, dest, 70000, SIZE - 70000, SIZE_MAX), 0);
	assert_copied(70000, SIZE);
	char *const mine = mmap(given, 4096, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	ck_assert_ptr_eq(mine, given);
	*mine = 'x';
	ck_assert_int_eq(mapping_close(&alone), 0);
	ck_assert_int_eq(*mine, 'x');
	munmap(mine, 4096);
}
END_TEST

START_TEST(what_is_not_mapped_is_not_copied)
{
	struct mapping_pair none = MAPPING_PAIR_NONE;
	bool zeros;

	ck_assert_int_eq(mapping_write(&none, dest, 0, 4096, SIZE_MAX), -1);
	ck_assert_int_eq(errno, EFAULT);
	ck_assert_int_eq(mapping_write(&none, dest, (uint64_t) 4 << 20, 4096,
				       SIZE_MAX), -1);
	ck_assert_int_eq(mapping_copy(&none, 0, 4096), -1);
	ck_assert_int_eq(mapping_read(&none, source, 0, 4096), -1);
	ck_assert_int_eq(mapping_zeros(&none, 0, 4096, &zeros), -1);
	ck_assert_int_eq(mapping_copy(&map, SIZE - 4096, 4097), -1);
	ck_assert_int_eq(mapping_copy(&map, (uint64_t) 1 << 32, 4096), -1);
	mapping_give_back(&map, 65536);
	ck_assert_int_eq(mapping_copy(&map, 0, 4096), -1);
	mapping_give_back(&map, SIZE);
	ck_assert_int_eq(mapping_copy(&map, 65536, 4096), -1);
	assert_copied(0, 0);
}
END_TEST

/* MOST bytes at a time of both.  */
static void
open_windows(size_t most)
{
	const struct mapping_wish wish = { .source = source, .dest = dest, .size = SIZE,
				       .most = most, .folios = MAPPING_GROWING };

	ck_assert_int_eq(mapping_close(&map), 0);
	ck_assert_int_eq(mapping_open(&map, &wish), 0);
}

START_TEST(what_is_too_large_is_mapped_by_windows)
{
	enum { MOST = 65536, STEP = 10000 };

	open_windows(MOST);
	ck_assert(!mapping_is_whole(&map));
	for (uint64_t at = 0; at < SIZE; at += STEP) {
		ck_assert_int_eq(mapping_copy(&map, at, STEP), 0);
		ck_assert_uint_le(map.end - map.from, MOST);
		if (at % (3 * STEP) == 0)
			mapping_give_back(&map, at);
	}
	assert_copied(0, SIZE);
	ck_assert_int_eq(mapping_copy(&map, 0, MOST), 0);	/* and back */
	ck_assert_int_eq(mapping_copy(&map, 0, MOST + 1), -1);
	ck_assert_int_eq(mapping_copy(&map, SIZE - 1, 2), -1);
	mapping_give_back(&map, SIZE);
	ck_assert_int_eq(mapping_copy(&map, SIZE - 1, 1), 0);
}
END_TEST

START_TEST(a_window_beyond_4_gib_is_that_of_the_file)
{
	const uint64_t far = ((uint64_t) 4 << 30) + 123456;
	unsigned char bytes[4096];

	ck_assert_int_eq(ftruncate(source, (off_t) far + SIZE), 0);
	ck_assert_int_eq(ftruncate(dest, (off_t) far + SIZE), 0);
	ck_assert_int_eq(descriptor_write(source, "far away", 8, (off_t) far), 0);
	const struct mapping_wish wish = { .source = source, .dest = dest,
					  .size = far + SIZE,
				       .most = 1 << 20 };
	ck_assert_int_eq(mapping_close(&map), 0);
	ck_assert_int_eq(mapping_open(&map, &wish), 0);
	ck_assert_int_eq(mapping_copy(&map, far, 4096), 0);
	ck_assert_int_eq(descriptor_read(dest, bytes, 4096, (off_t) far), 4096);
	ck_assert_mem_eq(bytes, "far away", 9);
	ck_assert_int_eq(descriptor_read(dest, bytes, 4096, 123456), 4096);
	ck_assert_mem_eq(bytes, "\0\0\0\0\0\0\0\0", 8);
	ck_assert_int_eq(ftruncate(dest, 0), 0);
	ck_assert_int_eq(mapping_write(&map, dest, far, 8, SIZE_MAX), 0);
	ck_assert_int_eq(descriptor_read(dest, bytes, 8, (off_t) far), 8);
	ck_assert_mem_eq(bytes, "far away", 8);
}
END_TEST

START_TEST(zeros_are_found_and_a_page_that_is_gone_is_told)
{
	static const char none[8192];
	bool zeros = false;

	ck_assert_int_eq(descriptor_write(source, none, sizeof none, 4096), 0);
	ck_assert_int_eq(mapping_zeros(&map, 0, SIZE, &zeros), 4096);
	ck_assert(!zeros);
	ck_assert_int_eq(mapping_zeros(&map, 4096, SIZE - 4096, &zeros), 8192);
	ck_assert(zeros);
	ck_assert_int_eq(ftruncate(source, 4096), 0);
	ck_assert_int_eq(mapping_zeros(&map, 4096, 8192, &zeros), -1);
}
END_TEST

/* ---- a probe ---- */

static sigjmp_buf error_exit;
static const char *volatile error_at;

static void
note_error(int signo, siginfo_t *info, void *context)
{
	(void) signo, (void) context;
	error_at = info->si_addr;
	siglongjmp(error_exit, 1);
}

/* Whether a bus error says where it was.  qemu-user 7.2 swaps the halves of the address
   if its program is big-endian and of 64 bits, and so the guard takes the page fault
   for another's.  */
static bool
faults_have_addresses(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	struct sigaction old,
		action = { .sa_sigaction = note_error, .sa_flags = SA_SIGINFO };
	FILE *const file = tmpfile();
	char *const at = file == NULL ? MAP_FAILED
		: mmap(NULL, (size_t) page, PROT_READ, MAP_SHARED, fileno(file), 0);

	error_at = at;
	if (at != MAP_FAILED) {
		sigaction(SIGBUS, &action, &old);
		if (sigsetjmp(error_exit, 1) == 0)
			(void) *(volatile char *) at;	/* of an empty file */
		sigaction(SIGBUS, &old, NULL);
		munmap(at, (size_t) page);
	}
	if (file != NULL)
		fclose(file);
	return error_at == at;
}

Suite *
mapping_suite(void)
{
	Suite *const suite = suite_create("mapping");
	TCase *const tc = tcase_create("a pair of mappings");

	tcase_add_checked_fixture(tc, open_pair, close_pair);
	tcase_add_test(tc, a_window_is_copied_and_nothing_else);
	tcase_add_test(tc, the_whole_file_is_copied_to_its_last_byte);
	tcase_add_test(tc, the_kernel_writes_from_the_source);
#ifndef __SANITIZE_ADDRESS__
	tcase_add_test_raise_signal(tc, a_bus_error_of_another_s_making_still_kills,
				    SIGBUS);
#endif
	tcase_add_test(tc, what_is_read_into_the_mapping_is_whole_or_an_error);
	tcase_add_test(tc, what_is_given_back_leaves_the_rest);
	tcase_add_test(tc, who_has_the_addresses_that_were_given_back_keeps_them);
	tcase_add_test(tc, what_is_not_mapped_is_not_copied);
	tcase_add_test(tc, what_is_too_large_is_mapped_by_windows);
	tcase_add_test(tc, a_window_beyond_4_gib_is_that_of_the_file);
	if (faults_have_addresses()) {
		tcase_add_test(tc, a_source_cut_short_is_an_answer_and_not_a_signal);
		tcase_add_test(tc, a_destination_cut_short_is_an_answer_and_not_a_signal);
		tcase_add_test(tc, zeros_are_found_and_a_page_that_is_gone_is_told);
	} else
		puts("map: bus errors have wrong addresses here: 3 tests are skipped");
	suite_add_tcase(suite, tc);
	return suite;
}
