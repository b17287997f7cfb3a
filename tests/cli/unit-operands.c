/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/operands.h"
#include "unit.h"

#define INTO_D { .target_directory = "d" }
#define NO_TARGET { .no_target_directory = true }

/* Operands, in a directory with a directory d and a file f, and what comes of them.  */
static const struct {
	const char *argv[5];
	struct operands_policy policy;
	enum operands_error error;
	const char *blamed;
	const char *names[3];		/* of the destinations, in messages */
	const char *lookups[3];		/* and as they are looked up */
} cases[] = {
	{ { NULL }, { 0 }, OPERANDS_MISSING_FILE, NULL, { NULL }, { NULL } },
	{ { "a" }, { 0 }, OPERANDS_MISSING_DEST, "a", { NULL }, { NULL } },
	{ { "a", "b" }, { 0 }, OPERANDS_OK, NULL, { "b" }, { "b" } },
	{ { "a", "f" }, { 0 }, OPERANDS_OK, NULL, { "f" }, { "f" } },
	{ { "a", "d" }, { 0 }, OPERANDS_OK, NULL, { "d/a" }, { "a" } },
	{ { "a", "d/" }, { 0 }, OPERANDS_OK, NULL, { "d/a" }, { "a" } },
	{ { "x/a", "d" }, { 0 }, OPERANDS_OK, NULL, { "d/a" }, { "a" } },
	{ { "x/a//", "d" }, { 0 }, OPERANDS_OK, NULL, { "d/a" }, { "a" } },
	{ { "/", "d" }, { 0 }, OPERANDS_OK, NULL, { "d/." }, { "." } },
	{ { "x/..", "d" }, { 0 }, OPERANDS_OK, NULL, { "d/." }, { "." } },
	{ { "x/.", "d" }, { 0 }, OPERANDS_OK, NULL, { "d/." }, { "." } },
	{ { "x/a/", "d" }, { .parents = true }, OPERANDS_OK, NULL, { "d/x/a" },
	 { "x/a" } },
	{ { "//x/../a", "d" }, { .parents = true }, OPERANDS_OK, NULL, { "d/x/../a" },
	  { "x/../a" } },
	{ { "a", "none" }, { .parents = true }, OPERANDS_NOT_BELOW, NULL, { NULL },
	 { NULL } },
	{ { "a", "b", "d" }, { 0 }, OPERANDS_OK, NULL, { "d/a", "d/b" }, { "a", "b" } },
	{ { "a", "b", "f" }, { 0 }, OPERANDS_TARGET, "f", { NULL }, { NULL } },
	{ { "a", "b", "none" }, { 0 }, OPERANDS_TARGET, "none", { NULL }, { NULL } },
	{ { "a" }, INTO_D, OPERANDS_OK, NULL, { "d/a" }, { "a" } },
	{ { "a", "b" }, INTO_D, OPERANDS_OK, NULL, { "d/a", "d/b" },
	 { "a", "b" } },
	{ { NULL }, INTO_D, OPERANDS_MISSING_FILE, NULL, { NULL }, { NULL } },
	{ { "a" }, { .target_directory = "f" }, OPERANDS_TARGET_DIRECTORY, "f", { NULL },
	 { NULL } },
	{ { "a" }, { .target_directory = "" }, OPERANDS_TARGET_DIRECTORY, "",
	  { NULL }, { NULL } },
	{ { "a", "d" }, NO_TARGET, OPERANDS_OK, NULL, { "d" }, { "d" } },
	{ { "a", "b", "c" }, NO_TARGET, OPERANDS_EXTRA, "c", { NULL },
	 { NULL } },
	{ { "a" }, NO_TARGET, OPERANDS_MISSING_DEST, "a", { NULL },
	 { NULL } },
	{ { "a", "d" }, { .target_directory = "d", .no_target_directory = true },
	  OPERANDS_BOTH_TARGETS, NULL, { NULL }, { NULL } },
};

START_TEST(operands_go_where_cp_puts_them)
{
	struct operands operands;
	struct pathpair pair;
	size_t count = 0;

	ck_assert_int_eq(mkdir("d", 0777), 0);
	scratch_text("f", "");
	while (cases[_i].argv[count] != NULL)
		count++;
	const enum operands_error error =
		operands_sort(&operands, count, cases[_i].argv, &cases[_i].policy);
	ck_assert_int_eq(error, cases[_i].error);
	if (error != OPERANDS_OK && cases[_i].blamed != NULL)
		ck_assert_str_eq(operands.blamed, cases[_i].blamed);
	for (size_t i = 0; error == OPERANDS_OK && i < operands.count; i++) {
		ck_assert_int_eq(operands_pair(&operands, i, &pair), 0);
		ck_assert_str_eq(pair.source, cases[_i].argv[i]);
		ck_assert_str_eq(pair.dest_name, cases[_i].names[i]);
		ck_assert_str_eq(pair.dest, cases[_i].lookups[i]);
		ck_assert_int_eq(pair.dest_at == AT_FDCWD, operands.dir < 0);
	}
	operands_free(&operands);
}
END_TEST

START_TEST(slashes_behind_a_source_go_where_there_is_a_directory)
{
	const char *const argv[] = { "a/", "/", "x//", "d" };
	const char *const to_file[] = { "a/", "new" };
	const struct operands_policy policy = { .strip_trailing_slashes = true };
	static const char *const sources[] = { "a", "/", "x" };
	struct operands operands;
	struct pathpair pair;

	ck_assert_int_eq(mkdir("d", 0700), 0);
	ck_assert_int_eq(operands_sort(&operands, 4, argv, &policy), OPERANDS_OK);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(operands_pair(&operands, i, &pair), 0);
		ck_assert_str_eq(pair.source, sources[i]);
		ck_assert_str_eq(pair.source_name, sources[i]);
	}
	operands_free(&operands);
	ck_assert_int_eq(operands_sort(&operands, 2, to_file, &policy), OPERANDS_OK);
	ck_assert_int_eq(operands_pair(&operands, 0, &pair), 0);
	ck_assert_str_eq(pair.source, "a/");	/* as with cp */
	operands_free(&operands);
}
END_TEST

START_TEST(a_bad_target_leaves_its_reason_in_errno)
{
	struct operands operands;
	const struct operands_policy policy = { .target_directory = "none" };
	const char *const argv[] = { "a" };

	ck_assert_int_eq(operands_sort(&operands, 1, argv, &policy),
			 OPERANDS_TARGET_DIRECTORY);
	ck_assert_int_eq(errno, ENOENT);
	operands_free(&operands);
}
END_TEST

Suite *
operands_suite(void)
{
	Suite *const suite = suite_create("operands");
	TCase *const tc = tcase_create("cases");

	tcase_add_checked_fixture(tc, scratch_enter, scratch_leave);
	tcase_add_loop_test(tc, operands_go_where_cp_puts_them, 0,
			    sizeof cases / sizeof *cases);
	tcase_add_test(tc, slashes_behind_a_source_go_where_there_is_a_directory);
	tcase_add_test(tc, a_bad_target_leaves_its_reason_in_errno);
	suite_add_tcase(suite, tc);
	return suite;
}
