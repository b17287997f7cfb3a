/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/zeros.h"
#include "unit.h"

enum { SIZE = 5 * 4096 };

static char buf[SIZE];

static const struct {
	const char *name;
	size_t from, end;	/* bytes that are not zeros */
	size_t start, len;	/* what is looked at; start is its offset, too */
	size_t run;
	bool zeros;
} cases[] = {
	{ "all zeros", 0, 0, 0, SIZE, SIZE, true },
	{ "no zeros", 0, SIZE, 0, SIZE, SIZE, false },
	{ "one byte", 0, 0, 7, 1, 1, true },
	{ "one other byte", 7, 8, 7, 1, 1, false },
	{ "the last byte of a block", 4095, 4096, 0, SIZE, 4096, false },
	{ "the first byte of the next", 4096, 4097, 0, SIZE, 4096, true },
	{ "the second block", 4096, 8192, 4096, SIZE - 4096, 4096, false },
	{ "less than a block of zeros is none", 0, 100, 0, 4096, 4096, false },
	{ "blocks lie in the file, not in the buffer", 4096, 4097, 100, 8000, 3996,
	 true },
	{ "part of a block at the end", SIZE - 1, SIZE, 8192, SIZE - 8192, 8192, true },
	{ "the part of a block", SIZE - 1, SIZE, SIZE - 96, 96, 96, false },
	{ "many blocks with data", 1, SIZE - 4097, 0, SIZE, 4 * 4096, false },
};

START_TEST(a_run_is_of_whole_blocks)
{
	bool zeros = !cases[_i].zeros;

	memset(buf, 0, SIZE);
	memset(buf + cases[_i].from, 'x', cases[_i].end - cases[_i].from);
	const size_t run = zeros_run(buf + cases[_i].start, cases[_i].len,
				     (off_t) cases[_i].start, &zeros);
	ck_assert_msg(run == cases[_i].run, "%s: %zu", cases[_i].name, run);
	ck_assert_msg(zeros == cases[_i].zeros, "%s", cases[_i].name);
}
END_TEST

Suite *
zeros_suite(void)
{
	Suite *const suite = suite_create("zeros");
	TCase *const tc = tcase_create("runs");

	tcase_add_loop_test(tc, a_run_is_of_whole_blocks, 0,
			    sizeof cases / sizeof *cases);
	suite_add_tcase(suite, tc);
	return suite;
}
