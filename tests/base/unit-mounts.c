/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mounts.h"
#include "unit.h"

static struct mounts
read_table(const char *text)
{
	struct mounts mounts;

	scratch_text("table", text);
	FILE *const table = fopen("table", "r");
	ck_assert_ptr_nonnull(table);
	ck_assert_int_eq(mounts_read(&mounts, table), 0);
	fclose(table);
	return mounts;
}

START_TEST(what_may_not_answer_is_in_the_table)
{
	struct mounts mounts = read_table(
		"22 27 0:21 / /proc rw,relatime - proc proc rw\n"
		"27 1 254:0 / / rw shared:1 - ext4 /dev/root rw\n"
		"28 27 0:40 / /home/me/a\\040b rw shared:2 master:3 - "
		"fuse.sshfs me@there:/ rw\n"
		"29 27 8:1 / /windows rw - fuseblk /dev/sda1 rw\n"
		"30 27 0:41 / /net rw - nfs4 server:/ rw\n"
		"31 27 0:42 / /new rw - yetanotherfs x rw\n"
		"32 27 0:43 / /tmp rw - tmpfs tmpfs rw\n"
		"33 27 0:44 / /sys/fs/fuse/connections rw - fusectl fusectl rw\n"
		"35 22 0:29 / /proc/sys/fs/binfmt_misc rw - autofs systemd-1 rw\n"
		"36 27 0:45 / /home rw - autofs /etc/auto.home rw\n"
		"no sense\n34 27 - fuse\n\n");

	ck_assert_uint_eq(mounts.count, 5);
	ck_assert_str_eq(mounts.point[4], "/home");
	ck_assert_str_eq(mounts.point[0], "/home/me/a b");
	ck_assert_str_eq(mounts.point[1], "/windows");
	ck_assert_str_eq(mounts.point[2], "/net");
	ck_assert_str_eq(mounts.point[3], "/new");
	mounts_free(&mounts);
}
END_TEST

START_TEST(names_are_compared_as_they_are_written)
{
	struct mounts mounts =
		read_table("30 27 0:41 / /none/net rw - nfs4 server:/ rw\n");

	ck_assert(mounts_affect(&mounts, "/none/net", false));
	ck_assert(mounts_affect(&mounts, "/none/net/", false));
	ck_assert(mounts_affect(&mounts, "//none/./x/../net//file", false));
	ck_assert(!mounts_affect(&mounts, "/none/network", false));
	ck_assert(!mounts_affect(&mounts, "/none", false));
	ck_assert(!mounts_affect(&mounts, "/", false));
	ck_assert(mounts_affect(&mounts, "/none", true));
	ck_assert(mounts_affect(&mounts, "/", true));
	ck_assert(!mounts_affect(&mounts, "/no", true));
	ck_assert(!mounts_affect(&mounts, "", true));
	mounts_free(&mounts);
}
END_TEST

START_TEST(symlinks_are_followed_where_they_answer)
{
	char text[8192], here[4096];

	ck_assert_ptr_nonnull(getcwd(here, sizeof here));
	snprintf(text, sizeof text, "30 27 0:41 / %s/net rw - nfs4 server:/ rw\n", here);
	struct mounts mounts = read_table(text);
	mkdir("net", 0777);
	mkdir("net/below", 0777);
	ck_assert_int_eq(symlink("net/below", "link"), 0);

	ck_assert(mounts_affect(&mounts, "net", false));
	ck_assert(mounts_affect(&mounts, "link", false));
	ck_assert(mounts_affect(&mounts, "link/new", false));
	ck_assert(mounts_affect(&mounts, "./link/new", false));
	ck_assert(!mounts_affect(&mounts, "new", false));
	ck_assert(!mounts_affect(&mounts, "table", false));
	ck_assert(mounts_affect(&mounts, ".", true));
	mounts_free(&mounts);
}
END_TEST

START_TEST(a_root_that_may_not_answer_concerns_all)
{
	struct mounts mounts = read_table("27 1 0:20 / / rw - virtiofs root rw\n");

	ck_assert(mounts_affect(&mounts, "/x", false));
	ck_assert(mounts_affect(&mounts, "x", false));
	mounts_free(&mounts);
	mounts = read_table("");
	ck_assert(!mounts_affect(&mounts, "/x", true));
	mounts_free(&mounts);
}
END_TEST

/* Whether a list with DEVICE, and one of what is harmless, makes one possible.  */
static bool
is_possible(const char *device)
{
	mkdir("list", 0777);
	mkdir("list/8:0", 0777);
	mkdir("list/254:17", 0777);
	mkdir("list/btrfs-1", 0777);
	mkdir("list/overlay-2", 0777);
	const int fd = open("list", O_RDONLY | O_DIRECTORY);
	ck_assert_int_ge(fd, 0);
	if (device != NULL)
		ck_assert_int_eq(mkdirat(fd, device, 0777), 0);
	const bool possible = mounts_possible(fd);
	if (device != NULL)
		unlinkat(fd, device, AT_REMOVEDIR);
	close(fd);
	return possible;
}

START_TEST(what_may_be_mounted_is_in_a_list)
{
	ck_assert(!is_possible(NULL));
	ck_assert(!is_possible("7:1"));
	ck_assert(is_possible("0:42"));
	ck_assert(is_possible("8:1-fuseblk"));
	ck_assert(is_possible("9p-1"));
	ck_assert(is_possible("cifs-12"));
	ck_assert(is_possible("ceph-0123-4567"));
	ck_assert(!is_possible("btrfs-12"));
	ck_assert(mounts_possible(-1));
}
END_TEST

Suite *
mounts_suite(void)
{
	Suite *const suite = suite_create("mounts");
	TCase *const tcase = tcase_create("mounts");

	tcase_add_checked_fixture(tcase, scratch_enter, scratch_leave);
	tcase_add_test(tcase, what_may_not_answer_is_in_the_table);
	tcase_add_test(tcase, what_may_be_mounted_is_in_a_list);
	tcase_add_test(tcase, names_are_compared_as_they_are_written);
	tcase_add_test(tcase, symlinks_are_followed_where_they_answer);
	tcase_add_test(tcase, a_root_that_may_not_answer_concerns_all);
	suite_add_tcase(suite, tcase);
	return suite;
}
