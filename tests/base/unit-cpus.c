/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/cpus.h"
#include "unit.h"

static void
make_directories(void)
{
	scratch_enter();
	mkdir("cpu,cpuacct", 0777);
	mkdir("cpu,cpuacct/box", 0777);
	mkdir("a", 0777);
	mkdir("a/b", 0777);
}

START_TEST(a_quota_of_version_2_counts_upwards)
{
	scratch_text("list", "0::/a/b\n");
	ck_assert_uint_eq(cpus_quota("list", "."), 0);
	scratch_text("a/b/cpu.max", "max 100000\n");
	ck_assert_uint_eq(cpus_quota("list", "."), 0);
	scratch_text("a/cpu.max", "250000 100000\n");
	ck_assert_uint_eq(cpus_quota("list", "."), 3);
	scratch_text("a/b/cpu.max", "50000 100000\n");
	ck_assert_uint_eq(cpus_quota("list", "."), 1);
	scratch_text("a/b/cpu.max", "800000 100000\n");
	ck_assert_uint_eq(cpus_quota("list", "."), 3);
}
END_TEST

START_TEST(a_quota_of_version_1_is_in_two_files)
{
	scratch_text("list", "3:memory:/x\n2:cpu,cpuacct:/box\n1:cpuset:/\n");
	ck_assert_uint_eq(cpus_quota("list", "."), 0);
	scratch_text("cpu,cpuacct/box/cpu.cfs_quota_us", "-1\n");
	scratch_text("cpu,cpuacct/box/cpu.cfs_period_us", "100000\n");
	ck_assert_uint_eq(cpus_quota("list", "."), 0);
	scratch_text("cpu,cpuacct/box/cpu.cfs_quota_us", "200000\n");
	ck_assert_uint_eq(cpus_quota("list", "."), 2);
}
END_TEST

START_TEST(a_list_that_makes_no_sense_is_no_limit)
{
	ck_assert_uint_eq(cpus_quota("none", "."), 0);
	scratch_text("list", "\n:\nx\n0::\n0::/../../..\n");
	ck_assert_uint_eq(cpus_quota("list", "."), 0);
}
END_TEST

START_TEST(there_is_always_one)
{
	ck_assert_uint_ge(cpus_usable(), 1);
}
END_TEST

Suite *
cpus_suite(void)
{
	Suite *const suite = suite_create("cpus");
	TCase *const tc = tcase_create("quota");

	tcase_add_checked_fixture(tc, make_directories, scratch_leave);
	tcase_add_test(tc, a_quota_of_version_2_counts_upwards);
	tcase_add_test(tc, a_quota_of_version_1_is_in_two_files);
	tcase_add_test(tc, a_list_that_makes_no_sense_is_no_limit);
	tcase_add_test(tc, there_is_always_one);
	suite_add_tcase(suite, tc);
	return suite;
}
