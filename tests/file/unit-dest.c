/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "engine/allocate.h"
#include "file/dest.h"
#include "unit.h"

static struct dest dest;
static struct error error;

static struct pathpair
job_to(const char *name)
{
	return (struct pathpair) { .source_at = AT_FDCWD, .source = "source",
			     .source_name = "source",
			      .dest_at = AT_FDCWD, .dest = name, .dest_name = name };
}

/* Open NAME, or a new file of mode 0640.  */
static void
open_dest(const char *name, bool hide)
{
	const struct pathpair pair = job_to(name);

	dest = DEST_CLOSED;
	close(scratch_file("source", 10));
	dest.exists = stat(name, &dest.file.st) == 0;
	ck_assert_int_eq(dest_open(&dest, &pair,
		&(struct dest_wish) { .mode = 0640, .hide = hide }, &error), 0);
}

static int
entries(void)
{
	DIR *const dir = opendir(".");
	int count = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count - 2;
}

static off_t
size_of(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 ? st.st_size : -1;
}

START_TEST(a_hidden_file_has_its_name_only_when_committed)
{
	open_dest("d", true);
	ck_assert(dest.file.form == DEST_NAMELESS || dest.file.form == DEST_HIDDEN);
	ck_assert_int_eq(size_of("d"), -1);
	ck_assert_int_eq(descriptor_write(dest.file.fd, "abc", 3, 0), 0);
	ck_assert_int_eq(dest_commit(&dest, true, &error), 0);
	ck_assert_int_eq(dest_close(&dest), -1);
	ck_assert_int_eq(size_of("d"), 3);
}
END_TEST

START_TEST(an_abandoned_new_file_is_gone)
{
	open_dest("d", _i);
	ck_assert_int_eq(dest_close(&dest), -1);
	ck_assert_int_eq(entries(), 1);
}
END_TEST

START_TEST(a_small_new_file_has_its_name_at_once)
{
	open_dest("d", false);
	ck_assert_int_eq(dest.file.form, DEST_NEW);
	ck_assert_int_eq(size_of("d"), 0);
	ck_assert_int_eq(dest_commit(&dest, false, &error), 0);
	dest_close(&dest);
	ck_assert_int_eq(size_of("d"), 0);
}
END_TEST

START_TEST(a_name_taken_meanwhile_is_not_replaced)
{
	open_dest("d", true);
	scratch_text("d", "theirs");
	ck_assert_int_eq(dest_commit(&dest, false, &error), -1);
	ck_assert_int_eq(error.step, ERROR_CREATE);
	dest_close(&dest);
	ck_assert_int_eq(size_of("d"), 6);
	ck_assert_int_eq(entries(), 2);
}
END_TEST

START_TEST(another_s_file_is_not_unlinked)
{
	open_dest("d", false);
	ck_assert_int_eq(rename("d", "elsewhere"), 0);
	scratch_text("d", "theirs");
	dest_close(&dest);
	ck_assert_int_eq(size_of("d"), 6);
}
END_TEST

START_TEST(an_untouched_old_file_stays_when_abandoned)
{
	scratch_text("d", "old content");
	open_dest("d", true);
	ck_assert_int_eq(dest.file.form, DEST_IN_PLACE);
	ck_assert_int_eq(dest_close(&dest), -1);
	ck_assert_int_eq(size_of("d"), 11);
}
END_TEST

START_TEST(a_touched_old_file_is_cut_to_its_whole_part)
{
	scratch_text("d", "old content");
	open_dest("d", true);
	dest.file.touched = true;
	dest.file.whole = 4;
	ck_assert_int_eq(dest_close(&dest), 4);
	ck_assert_int_eq(size_of("d"), 4);
}
END_TEST

static int
open_files(void)
{
	DIR *const dir = opendir("/proc/self/fd");
	int count = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count;
}

START_TEST(a_file_made_behind_a_symlink_by_another_costs_no_descriptor)
{
	const struct pathpair pair = job_to("link");
	const int before = open_files();

	ck_assert_int_eq(symlink("made-by-another", "link"), 0);
	scratch_text("made-by-another", "theirs");
	dest = DEST_CLOSED;
	ck_assert_int_eq(dest_open_through(&dest, &pair, 0640, &error), 0);
	ck_assert_int_eq(dest.file.form, DEST_IN_PLACE);
	ck_assert_int_eq(dest_commit(&dest, true, &error), 0);
	dest_close(&dest);
	ck_assert_int_eq(open_files(), before);
}
END_TEST

START_TEST(old_bytes_can_be_cleared)
{
	char bytes[100000];
	const int source = scratch_file("sparse", 0);

	ck_assert_int_eq(ftruncate(source, sizeof bytes), 0);
	close(scratch_file("d", sizeof bytes + 10));
	open_dest("d", true);
	ck_assert_int_eq(allocate_prepare(&dest.file, source, sizeof bytes,
					  &(struct allocate_wish) { .data = true },
					  &error), 0);
	ck_assert_int_eq(allocate_clear(&dest.file, 0, sizeof bytes, &error), 0);
	ck_assert_int_eq(dest_commit(&dest, false, &error), 0);
	close(source);
	dest_close(&dest);
	ck_assert_int_eq(size_of("d"), (off_t) sizeof bytes);
	const int fd = open("d", O_RDONLY);
	ck_assert_int_eq(descriptor_read(fd, bytes, sizeof bytes, 0), sizeof bytes);
	close(fd);
	for (size_t i = 0; i < sizeof bytes; i++)
		ck_assert_int_eq(bytes[i], 0);
}
END_TEST

START_TEST(a_symlink_in_the_way_of_a_new_file_is_not_written_through)
{
	const struct pathpair pair = job_to("d");

	ck_assert_int_eq(symlink("nowhere", "d"), 0);
	dest = DEST_CLOSED;
	ck_assert_int_eq(dest_open(&dest, &pair,
		&(struct dest_wish) { .mode = 0640, .hide = false }, &error), -1);
	ck_assert_int_eq(error.step, ERROR_DANGLING);
	dest_close(&dest);
	ck_assert_int_eq(size_of("nowhere"), -1);
}
END_TEST

START_TEST(an_old_file_that_was_exchanged_is_not_written)
{
	const struct pathpair pair = job_to("d");

	scratch_text("d", "looked at");
	scratch_text("e", "another");
	dest = DEST_CLOSED;
	dest.exists = true;
	ck_assert_int_eq(stat("d", &dest.file.st), 0);
	ck_assert_int_eq(rename("e", "d"), 0);
	ck_assert_int_eq(dest_open(&dest, &pair,
		&(struct dest_wish) { .mode = 0640, .hide = true }, &error), -1);
	ck_assert_int_eq(error.step, ERROR_DEST_REPLACED);
	dest_close(&dest);
	ck_assert_int_eq(size_of("d"), 7);
}
END_TEST

START_TEST(an_old_file_that_became_a_symlink_is_not_written)
{
	const struct pathpair pair = job_to("d");

	scratch_text("d", "looked at");
	scratch_text("e", "another");
	dest = DEST_CLOSED;
	dest.exists = true;
	ck_assert_int_eq(stat("d", &dest.file.st), 0);
	ck_assert_int_eq(unlink("d"), 0);
	ck_assert_int_eq(symlink("e", "d"), 0);
	ck_assert_int_eq(dest_open(&dest, &pair,
		&(struct dest_wish) { .mode = 0640, .hide = true }, &error), -1);
	dest_close(&dest);
	ck_assert_int_eq(size_of("e"), 7);
}
END_TEST

Suite *
dest_suite(void)
{
	Suite *const suite = suite_create("dest");
	TCase *const tc = tcase_create("the life of a destination");

	tcase_add_checked_fixture(tc, scratch_enter, scratch_leave);
	tcase_add_test(tc, a_hidden_file_has_its_name_only_when_committed);
	tcase_add_loop_test(tc, an_abandoned_new_file_is_gone, 0, 2);
	tcase_add_test(tc, a_small_new_file_has_its_name_at_once);
	tcase_add_test(tc, a_name_taken_meanwhile_is_not_replaced);
	tcase_add_test(tc, another_s_file_is_not_unlinked);
	tcase_add_test(tc, an_untouched_old_file_stays_when_abandoned);
	tcase_add_test(tc, a_touched_old_file_is_cut_to_its_whole_part);
	tcase_add_test(tc, a_file_made_behind_a_symlink_by_another_costs_no_descriptor);
	tcase_add_test(tc, old_bytes_can_be_cleared);
	tcase_add_test(tc, a_symlink_in_the_way_of_a_new_file_is_not_written_through);
	tcase_add_test(tc, an_old_file_that_was_exchanged_is_not_written);
	tcase_add_test(tc, an_old_file_that_became_a_symlink_is_not_written);
	suite_add_tcase(suite, tc);
	return suite;
}
