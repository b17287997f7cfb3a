/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/listing.h"
#include "unit.h"

/* A directory in DIR with COUNT files, open.  */
static int
directory_of(const char *dir, unsigned count)
{
	char name[200];

	mkdir(dir, 0777);
	const int fd = open(dir, O_RDONLY | O_DIRECTORY);
	for (unsigned i = 0; i < count; i++) {
		snprintf(name, sizeof name, "%0100u", i);
		close(openat(fd, name, O_WRONLY | O_CREAT, 0666));
	}
	return fd;
}

/* How many names LISTING has of a directory that had SIZE, open as FD.  */
static unsigned
names_of(int fd, off_t size)
{
	struct listing listing = LISTING_EMPTY;
	unsigned char type;
	unsigned names = 0;
	int ret;

	while ((ret = listing_read(&listing, fd, size)) > 0)
		;
	ck_assert_int_eq(ret, 0);
	for (const char *name; (name = listing_next(&listing, &type)) != NULL; names++)
		ck_assert(type == DT_REG || type == DT_UNKNOWN);
	listing_free(&listing);
	return names;
}

START_TEST(all_names_are_read_and_no_dots)
{
	for (unsigned count = 0; count <= 1200; count += 600) {
		struct stat st;
		char dir[20];
		snprintf(dir, sizeof dir, "d%u", count);
		const int fd = directory_of(dir, count);
		ck_assert_int_eq(fstat(fd, &st), 0);
		ck_assert_uint_eq(names_of(fd, st.st_size), count);
		close(fd);
	}
}
END_TEST

START_TEST(what_grows_is_read_no_further_than_it_can_have_been)
{
	char shm[] = "/dev/shm/mmcp-unit.XXXXXX";
	char dir[sizeof shm + 2], name[sizeof dir + 120];

	if (mkdtemp(shm) == NULL)
		return;
	snprintf(dir, sizeof dir, "%s/d", shm);
	const int fd = directory_of(dir, 3000);
	/* It was empty, it seems, and has 3000 entries now.  */
	if (fs_appends_names(fd, 0))
		ck_assert_uint_lt(names_of(fd, 0), 2000);
	close(fd);
	for (unsigned i = 0; i < 3000; i++) {
		snprintf(name, sizeof name, "%s/%0100u", dir, i);
		unlink(name);
	}
	rmdir(dir);
	rmdir(shm);
}
END_TEST

START_TEST(where_new_names_come_in_between_all_are_read)
{
	const int fd = directory_of("d", 1200);

	if (!fs_appends_names(fd, 0))
		ck_assert_uint_eq(names_of(fd, 0), 1200);
	close(fd);
}
END_TEST

START_TEST(what_is_no_directory_is_an_error)
{
	struct listing listing = LISTING_EMPTY;
	unsigned char type;

	ck_assert_int_eq(listing_read(&listing, -1, 0), -1);
	ck_assert_ptr_null(listing_next(&listing, &type));
	listing_free(&listing);
}
END_TEST

Suite *
listing_suite(void)
{
	Suite *const suite = suite_create("listing");
	TCase *const tcase = tcase_create("listing");

	tcase_add_checked_fixture(tcase, scratch_enter, scratch_leave);
	tcase_add_test(tcase, all_names_are_read_and_no_dots);
	tcase_add_test(tcase, what_grows_is_read_no_further_than_it_can_have_been);
	tcase_add_test(tcase, where_new_names_come_in_between_all_are_read);
	tcase_add_test(tcase, what_is_no_directory_is_an_error);
	suite_add_tcase(suite, tcase);
	return suite;
}
