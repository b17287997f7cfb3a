/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "unit.h"

static void
make_directories(void)
{
	scratch_enter();
	mkdir("memory", 0777);
	mkdir("memory/box", 0777);
	mkdir("memory/box/inner", 0777);
	mkdir("a", 0777);
	mkdir("a/b", 0777);
}

static uint64_t
limit(void)
{
	return memory_limit_of("list", ".");
}

START_TEST(a_limit_of_version_2_counts_upwards)
{
	scratch_text("list", "0::/a/b\n");
	ck_assert_uint_eq(limit(), UINT64_MAX);
	scratch_text("a/b/memory.max", "max\n");
	ck_assert_uint_eq(limit(), UINT64_MAX);
	scratch_text("a/memory.max", "268435456\n");
	ck_assert_uint_eq(limit(), 268435456);
	scratch_text("a/b/memory.max", "33554432\n");
	ck_assert_uint_eq(limit(), 33554432);
	scratch_text("a/b/memory.max", "536870912\n");
	ck_assert_uint_eq(limit(), 268435456);
	scratch_text("a/memory.max", "max\n");
	ck_assert_uint_eq(limit(), 536870912);
	scratch_text("a/b/memory.max", "0\n");
	ck_assert_uint_eq(limit(), 0);
}
END_TEST

START_TEST(a_limit_of_version_1_counts_upwards)
{
	scratch_text("list", "5:memory:/box/inner\n4:cpu:/a\n0::/\n");
	ck_assert_uint_eq(limit(), UINT64_MAX);
	scratch_text("memory/box/inner/memory.limit_in_bytes", "9223372036854771712\n");
	scratch_text("memory/memory.limit_in_bytes", "9223372036854771712\n");
	ck_assert_uint_eq(limit(), UINT64_MAX);
	scratch_text("memory/box/memory.limit_in_bytes", "268435456\n");
	ck_assert_uint_eq(limit(), 268435456);
	scratch_text("memory/box/inner/memory.limit_in_bytes", "8589934592\n");
	ck_assert_uint_eq(limit(), 268435456);
	scratch_text("memory/box/memory.limit_in_bytes", "9223372036854710272\n");
	ck_assert_uint_eq(limit(), 8589934592);
}
END_TEST

START_TEST(a_container_sees_its_own_limit_at_the_top)
{
	scratch_text("list", "5:memory:/docker/0123abcd\n");
	scratch_text("memory/memory.limit_in_bytes", "33554432\n");
	ck_assert_uint_eq(limit(), 33554432);
}
END_TEST

START_TEST(the_limits_of_others_do_not_count)
{
	scratch_text("list", "5:memory:/\n4:cpu:/a\n");
	scratch_text("a/memory.max", "4096\n");
	scratch_text("memory/box/memory.limit_in_bytes", "4096\n");
	ck_assert_uint_eq(limit(), UINT64_MAX);
}
END_TEST

START_TEST(what_makes_no_sense_is_no_limit)
{
	ck_assert_uint_eq(limit(), UINT64_MAX);
	scratch_text("list", "\n:\nx\n0::\n0::/../../..\n0::/a\n");
	ck_assert_uint_eq(limit(), UINT64_MAX);
	scratch_text("a/memory.max", "");
	ck_assert_uint_eq(limit(), UINT64_MAX);
	scratch_text("a/memory.max", "-1\n");
	ck_assert_uint_eq(limit(), UINT64_MAX);
}
END_TEST

START_TEST(our_own_limit_is_more_than_we_have_now)
{
	ck_assert_uint_ge(memory_limit(), memory_page_size());
}
END_TEST

/* A file that is only in memory: tmpfs doesn't choose such an address itself, either.  */
START_TEST(huge_folios_lie_in_memory_as_in_the_file)
{
	const size_t huge = memory_huge_page(), page = memory_page_size();
	const int fd = memfd_create("huge", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(ftruncate(fd, (off_t) (4 * huge + page)), 0);
	for (size_t at = 0; huge != 0 && at <= huge; at += huge / 4) {
		const size_t len = 3 * huge + 1;
		char *const map = memory_map_huge(len, fd, (off_t) at);
		ck_assert_ptr_ne(map, MAP_FAILED);
		ck_assert_uint_eq(((uintptr_t) map - at) % huge, 0);
		map[len - 1] = 'x';
		ck_assert_int_eq(munmap(map, len), 0);
	}
	close(fd);
}
END_TEST

Suite *
memory_suite(void)
{
	Suite *const suite = suite_create("memory");
	TCase *const tc = tcase_create("limit");

	tcase_add_checked_fixture(tc, make_directories, scratch_leave);
	tcase_add_test(tc, a_limit_of_version_2_counts_upwards);
	tcase_add_test(tc, a_limit_of_version_1_counts_upwards);
	tcase_add_test(tc, a_container_sees_its_own_limit_at_the_top);
	tcase_add_test(tc, the_limits_of_others_do_not_count);
	tcase_add_test(tc, what_makes_no_sense_is_no_limit);
	tcase_add_test(tc, our_own_limit_is_more_than_we_have_now);
	suite_add_tcase(suite, tc);
	TCase *const huge = tcase_create("huge");
	tcase_add_test(huge, huge_folios_lie_in_memory_as_in_the_file);
	suite_add_tcase(suite, huge);
	return suite;
}
