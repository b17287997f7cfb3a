/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/statusdir.h"
#include "base/statusfile.h"
#include "statuses.h"
#include "unit.h"

static int dir = -1;
static char name[64];		/* of the only file there */
static struct statusfile ours, theirs;

/* Find the only file.  Return whether there is one.  */
static bool
find(void)
{
	DIR *const all = opendir("mmcp");
	const struct dirent *entry;
	unsigned found = 0;

	ck_assert_ptr_nonnull(all);
	while ((entry = readdir(all)) != NULL)
		if (*entry->d_name != '.') {
			snprintf(name, sizeof name, "%.60s", entry->d_name);
			found++;
		}
	closedir(all);
	ck_assert_uint_le(found, 1);
	return found == 1;
}

static void
begin(void)
{
	char here[4096];

	scratch_enter();
	ck_assert_ptr_nonnull(getcwd(here, sizeof here));
	setenv("XDG_RUNTIME_DIR", here, 1);
	ours = statuses_sample();
	ck_assert(statusfile_open(&ours));
	dir = open("mmcp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert(find());
}

static void
end(void)
{
	statusfile_close();
	close(dir);
	scratch_leave();
}

/* Return the file, open for writing.  */
static int
open_file(void)
{
	const int fd = openat(dir, name, O_RDWR | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static enum statusfile_error
read_it(void)
{
	return statusfile_read(dir, name, &theirs);
}

START_TEST(a_reader_sees_what_was_written)
{
	struct stat st;

	ck_assert_int_eq(read_it(), STATUSFILE_OK);
	ck_assert_uint_eq(theirs.moved, ours.moved);
	ck_assert_str_eq(theirs.dest, ours.dest);
	ours.moved = 4711;
	statusfile_update(&ours);
	ck_assert_int_eq(read_it(), STATUSFILE_OK);
	ck_assert_uint_eq(theirs.moved, 4711);
	ck_assert_uint_eq(theirs.sequence, 2);
	ck_assert_int_eq(fstatat(dir, name, &st, 0), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	statusfile_close();
	ck_assert(!find());
}
END_TEST

START_TEST(what_nobody_holds_is_removed)
{
	statusfile_is_worker();		/* as if we had been killed */
	ck_assert_int_eq(read_it(), STATUSFILE_GONE);
	ck_assert(!find());
	ck_assert_int_eq(read_it(), STATUSFILE_GONE);
}
END_TEST

START_TEST(what_is_just_being_made_is_left_alone)
{
	const int fd = openat(dir, ".mmcp-0123456789abcdef", O_RDWR | O_CREAT | O_CLOEXEC,
			      0600);

	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	ck_assert_int_eq(statusfile_read(dir, ".mmcp-0123456789abcdef", &theirs),
			 STATUSFILE_GONE);
	ck_assert_int_eq(faccessat(dir, ".mmcp-0123456789abcdef", F_OK, 0), 0);
	close(fd);
	ck_assert_int_eq(statusfile_read(dir, ".mmcp-0123456789abcdef", &theirs),
			 STATUSFILE_GONE);
	ck_assert_int_lt(faccessat(dir, ".mmcp-0123456789abcdef", F_OK, 0), 0);
}
END_TEST

START_TEST(a_change_that_never_ends_isn_t_waited_for)
{
	const uint64_t odd = 7;
	const int fd = open_file();

	descriptor_write(fd, &odd, sizeof odd, offsetof(struct statusfile, sequence));
	close(fd);
	ck_assert_int_eq(read_it(), STATUSFILE_BUSY);
	statusfile_update(&ours);
	ck_assert_int_eq(read_it(), STATUSFILE_OK);
}
END_TEST

START_TEST(a_file_that_is_cut_harms_nobody)
{
	const int fd = open_file();

	ck_assert_int_eq(ftruncate(fd, 1000), 0);
	ck_assert_int_eq(read_it(), STATUSFILE_DAMAGED);
	ck_assert_int_eq(ftruncate(fd, sizeof ours), 0);	/* with holes */
	ck_assert_int_eq(read_it(), STATUSFILE_DAMAGED);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(read_it(), STATUSFILE_FOREIGN);
	statusfile_update(&ours);
	statusfile_update(&ours);
	ck_assert(!find());
	close(fd);
}
END_TEST

START_TEST(what_is_no_status_file_stays)
{
	ck_assert_int_eq(symlink(name, "mmcp/link"), 0);
	mkfifo("mmcp/pipe", 0600);
	mkdir("mmcp/directory", 0700);
	scratch_text("mmcp/text", "a text that somebody keeps here");
	scratch_text("mmcp/short", "MMCP");
	ck_assert_int_eq(statusfile_read(dir, "link", &theirs), STATUSFILE_REFUSED);
	ck_assert_int_eq(errno, ELOOP);
	ck_assert_int_eq(statusfile_read(dir, "pipe", &theirs), STATUSFILE_FOREIGN);
	ck_assert_int_eq(statusfile_read(dir, "directory", &theirs), STATUSFILE_FOREIGN);
	ck_assert_int_eq(statusfile_read(dir, "text", &theirs), STATUSFILE_FOREIGN);
	ck_assert_int_eq(statusfile_read(dir, "short", &theirs), STATUSFILE_FOREIGN);
	ck_assert_int_eq(access("mmcp/text", F_OK), 0);
	ck_assert_int_eq(access("mmcp/short", F_OK), 0);
}
END_TEST

static const struct {
	size_t at, len;		/* what is changed */
	int byte;		/* to this */
	enum statusfile_error error;
} changes[] = {
#define PLACE(field) offsetof(struct statusfile, field), \
	sizeof ((struct statusfile *) NULL)->field
	{ PLACE(magic), 'm', STATUSFILE_FOREIGN },
	{ PLACE(order), 1, STATUSFILE_FOREIGN },
	{ PLACE(version), 2, STATUSFILE_OTHER },
	{ PLACE(size), 0, STATUSFILE_DAMAGED },
	{ PLACE(state), 1, STATUSFILE_DAMAGED },
	{ PLACE(whole), 1, STATUSFILE_DAMAGED },
	{ PLACE(workers), 1, STATUSFILE_DAMAGED },
	{ PLACE(sources), 0, STATUSFILE_DAMAGED },
	{ PLACE(sources_len), 0, STATUSFILE_DAMAGED },
	{ PLACE(sources_len), 255, STATUSFILE_DAMAGED },
	{ PLACE(dest), '/', STATUSFILE_DAMAGED },
	{ PLACE(source), '/', STATUSFILE_DAMAGED },
	{ PLACE(source), 0, STATUSFILE_DAMAGED },
	{ PLACE(worker[1].doing), 1, STATUSFILE_DAMAGED },
	{ PLACE(worker[1].where), 1, STATUSFILE_DAMAGED },
	{ PLACE(worker[STATUSFILE_WORKERS - 1].where), 1, STATUSFILE_OK },
	{ PLACE(moved), 255, STATUSFILE_OK },
	{ PLACE(elapsed), 255, STATUSFILE_OK },
};

START_TEST(what_is_out_of_bounds_is_an_error)
{
	struct statusfile status = statuses_sample();

	ck_assert_int_eq(statusfile_check(&status, sizeof status), STATUSFILE_OK);
	memset((char *) &status + changes[_i].at, changes[_i].byte, changes[_i].len);
	ck_assert_int_eq(statusfile_check(&status, sizeof status), changes[_i].error);
}
END_TEST

START_TEST(a_directory_that_is_open_to_others_is_not_used)
{
	char path[STATUSDIR_PATH];
	struct stat st, found;

	statusfile_close();
	ck_assert_int_eq(chmod("mmcp", 0755), 0);
	ck_assert_int_eq(stat("mmcp", &st), 0);
	const int fd = statusdir_open(path);
	if (fd >= 0) {
		ck_assert_int_eq(fstat(fd, &found), 0);
		ck_assert(found.st_ino != st.st_ino || found.st_dev != st.st_dev);
		close(fd);
	}
}
END_TEST

START_TEST(another_user_s_runtime_directory_is_not_used)
{
	char path[STATUSDIR_PATH];

	statusfile_close();
	if (geteuid() != 0 || chown(".", 1, 1) < 0)
		return;
	const int fd = statusdir_open(path);
	ck_assert(fd < 0 || strstr(path, "unit") == NULL);
	if (fd >= 0)
		close(fd);
}
END_TEST

Suite *
statusfile_suite(void)
{
	Suite *const suite = suite_create("statusfile");
	TCase *const tc = tcase_create("files");
	TCase *const bytes = tcase_create("bytes");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, a_reader_sees_what_was_written);
	tcase_add_test(tc, what_nobody_holds_is_removed);
	tcase_add_test(tc, what_is_just_being_made_is_left_alone);
	tcase_add_test(tc, a_change_that_never_ends_isn_t_waited_for);
	tcase_add_test(tc, a_file_that_is_cut_harms_nobody);
	tcase_add_test(tc, what_is_no_status_file_stays);
	tcase_add_test(tc, a_directory_that_is_open_to_others_is_not_used);
	tcase_add_test(tc, another_user_s_runtime_directory_is_not_used);
	tcase_add_loop_test(bytes, what_is_out_of_bounds_is_an_error, 0,
			    sizeof changes / sizeof *changes);
	suite_add_tcase(suite, tc);
	suite_add_tcase(suite, bytes);
	return suite;
}
