/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file/backup.h"
#include "unit.h"

#define SIMPLE { BACKUP_SIMPLE, "~" }
#define SUFFIX { BACKUP_SIMPLE, ".old" }
#define EXISTING { BACKUP_EXISTING, "~" }
#define NUMBERED { BACKUP_NUMBERED, "~" }

/* Names that are there beside "f", with a space behind each, and what its backup is
   called.  */
static const struct {
	struct backup_policy policy;
	const char *there;
	const char *backup;
} cases[] = {
	{ SIMPLE, "", "f~" },
	{ SIMPLE, "f~ f.~1~ ", "f~" },
	{ SUFFIX, "", "f.old" },
	{ EXISTING, "", "f~" },
	{ EXISTING, "f~ ", "f~" },
	{ EXISTING, "f.~1~ ", "f.~2~" },
	{ EXISTING, "f.~0~ f.~~ f.~1 f.~1~x f.~x~ xf.~1~ f.~-1~ f~1~ f.~01~ ", "f~" },
	{ NUMBERED, "", "f.~1~" },
	{ NUMBERED, "f~ ", "f.~1~" },
	{ NUMBERED, "f.~1~ f.~3~ ", "f.~4~" },
	{ NUMBERED, "f.~9~ ", "f.~10~" },
	{ NUMBERED, "f.~99~ f.~100~ f.~2~ ", "f.~101~" },
	{ NUMBERED, "f.~99999999999999999999999999999999~ ",
	  "f.~100000000000000000000000000000000~" },
	{ NUMBERED, "ff.~7~ g.~8~ ", "f.~1~" },
};

static void
make_names(const char *names)
{
	char *const copy = strdup(names);

	for (char *rest = copy, *name; (name = strsep(&rest, " ")) != NULL; )
		if (*name != '\0')
			scratch_text(name, name);
	free(copy);
}

START_TEST(a_backup_is_called_as_gnu_calls_it)
{
	make_names(cases[_i].there);
	scratch_text("f", "old");
	char *const path = backup_path(&cases[_i].policy, AT_FDCWD, "f");
	ck_assert_str_eq(path, cases[_i].backup);
	free(path);
	char *const made = backup_make(&cases[_i].policy, AT_FDCWD, "f");
	ck_assert_str_eq(made, cases[_i].backup);
	ck_assert_int_eq(access("f", F_OK), -1);
	ck_assert_int_eq(access(made, F_OK), 0);
	ck_assert_int_eq(backup_undo(AT_FDCWD, made, "f"), 0);
	ck_assert_int_eq(access("f", F_OK), 0);
	free(made);
}
END_TEST

START_TEST(a_path_keeps_its_directory)
{
	const struct backup_policy policy = NUMBERED;

	mkdir("d", 0700);
	scratch_text("d/f", "old");
	scratch_text("d/f.~4~", "older");
	scratch_text("f.~7~", "of another");
	char *const path = backup_make(&policy, AT_FDCWD, "d/f");
	ck_assert_str_eq(path, "d/f.~5~");
	free(path);
	const int dir = open("d", O_PATH | O_DIRECTORY);
	scratch_text("d/f", "old again");
	char *const below = backup_make(&policy, dir, "f");
	ck_assert_str_eq(below, "f.~6~");
	free(below);
	close(dir);
}
END_TEST

START_TEST(a_name_too_long_is_cut_for_a_number_and_not_for_a_suffix)
{
	const struct backup_policy numbered = NUMBERED, simple = SIMPLE,
		existing = EXISTING;
	char name[256];

	memset(name, 'n', 255);
	name[255] = '\0';
	scratch_text(name, "long");
	ck_assert_ptr_null(backup_make(&simple, AT_FDCWD, name));
	ck_assert_int_eq(errno, ENAMETOOLONG);
	char *const path = backup_make(&numbered, AT_FDCWD, name);
	ck_assert_uint_eq(strlen(path), 255);
	ck_assert_str_eq(path + 253, "n~");
	free(path);
	/* A name that was cut has no number, and must not be replaced.  */
	scratch_text(name, "long again");
	ck_assert_ptr_null(backup_make(&numbered, AT_FDCWD, name));
	ck_assert_int_eq(errno, EEXIST);
	char *const cut = backup_make(&existing, AT_FDCWD, name);
	ck_assert_str_eq(cut + 253, "n~");
	free(cut);
}
END_TEST

START_TEST(nothing_has_no_backup)
{
	const struct backup_policy policy = SIMPLE;

	ck_assert_ptr_null(backup_make(&policy, AT_FDCWD, "f"));
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(a_backup_that_is_the_same_file_needs_no_other)
{
	const struct backup_policy policy = SIMPLE;

	scratch_text("f", "old");
	ck_assert_int_eq(link("f", "f~"), 0);
	char *const path = backup_make(&policy, AT_FDCWD, "f");
	ck_assert_str_eq(path, "f~");
	ck_assert_int_eq(access("f", F_OK), -1);
	free(path);
}
END_TEST

START_TEST(undoing_replaces_nothing)
{
	scratch_text("f~", "old");
	scratch_text("f", "of somebody else");
	ck_assert_int_eq(backup_undo(AT_FDCWD, "f~", "f"), -1);
	ck_assert_int_eq(errno, EEXIST);
}
END_TEST

START_TEST(the_source_is_no_place_for_a_backup)
{
	const struct backup_policy simple = SIMPLE, numbered = NUMBERED;
	struct stat st;

	scratch_text("f", "f");
	scratch_text("f~", "source");
	ck_assert_int_eq(symlink("f~", "l"), 0);
	ck_assert_int_eq(stat("f~", &st), 0);
	ck_assert(backup_destroys(&simple, AT_FDCWD, "f", &st, "f~"));
	ck_assert(backup_destroys(&simple, AT_FDCWD, "f", &st, "./f~"));
	ck_assert(backup_destroys(&simple, AT_FDCWD, "f", &st, "l"));
	/* A symlink to the source would go, not the source.  */
	scratch_text("g", "g");
	ck_assert_int_eq(symlink("f~", "g~"), 0);
	ck_assert(!backup_destroys(&simple, AT_FDCWD, "g", &st, "f~"));
	ck_assert(backup_destroys(&simple, AT_FDCWD, "g", &st, "g~"));
	ck_assert(!backup_destroys(&numbered, AT_FDCWD, "f", &st, "f~"));
	ck_assert_int_eq(link("f~", "h"), 0);
	ck_assert_int_eq(stat("f~", &st), 0);
	ck_assert(backup_destroys(&simple, AT_FDCWD, "f", &st, "f~"));
	ck_assert(!backup_destroys(&simple, AT_FDCWD, "f", &st, "h"));
	ck_assert_int_eq(stat("f", &st), 0);
	ck_assert(!backup_destroys(&simple, AT_FDCWD, "f", &st, "f"));
}
END_TEST

Suite *
backup_suite(void)
{
	Suite *const suite = suite_create("backup");
	TCase *const tc = tcase_create("names");

	tcase_add_checked_fixture(tc, scratch_enter, scratch_leave);
	tcase_add_loop_test(tc, a_backup_is_called_as_gnu_calls_it, 0,
			    sizeof cases / sizeof *cases);
	tcase_add_test(tc, a_path_keeps_its_directory);
	tcase_add_test(tc, a_name_too_long_is_cut_for_a_number_and_not_for_a_suffix);
	tcase_add_test(tc, nothing_has_no_backup);
	tcase_add_test(tc, a_backup_that_is_the_same_file_needs_no_other);
	tcase_add_test(tc, undoing_replaces_nothing);
	tcase_add_test(tc, the_source_is_no_place_for_a_backup);
	suite_add_tcase(suite, tc);
	return suite;
}
