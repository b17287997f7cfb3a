/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/statustext.h"
#include "statuses.h"
#include "unit.h"

/* Return what WRITE makes of STATUS, to be freed, AGE seconds after it was written.  */
static char *
shown_by(void (*write)(FILE *out, const struct statusfile *status, uint64_t now),
	const struct statusfile *status, unsigned age)
{
	char *text = NULL;
	size_t size;
	FILE *const out = open_memstream(&text, &size);

	write(out, status, status->updated + age * UINT64_C(1000000000));
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

static void
is_shown(const struct statusfile *status, unsigned age, const char *text)
{
	char *const shown = shown_by(statustext_write, status, age);

	ck_assert_str_eq(shown, text);
	free(shown);
}

START_TEST(people_see_what_each_worker_does)
{
	struct statusfile status = statuses_sample();

	is_shown(&status, 0, "'/a/one' and 1 other -> '/b'\n"
		 "  copying:  25% 1.0/4.0 MiB    97.7 KiB/s  0:14 elapsed, ETA  0:31"
		 " | 1/2 files\n"
		 "  worker 1: 293.0 KiB copied, now in a/two\n"
		 "  worker 2: 683.6 KiB copied, waits for work\n");
	status.state = STATUSFILE_FLUSHING;
	status.to_go = 1 << 20;
	status.workers = 0;
	status.sources = 1;
	is_shown(&status, 5, "'/a/one' -> '/b'\n"
		 "  flushing, 1 MiB to go | 1/2 files\n"
		 "  2 more workers\n  no news for 5 seconds\n");
	status.state = STATUSFILE_VERIFYING;
	is_shown(&status, 0, "'/a/one' -> '/b'\n"
		 "  verifying, 1 MiB to go | 1/2 files\n"
		 "  2 more workers\n");
	char *const json = shown_by(statustext_write_json, &status, 0);
	ck_assert_ptr_nonnull(strstr(json, "\"bytes_to_verify\":1048576"));
	free(json);
}
END_TEST

START_TEST(what_is_unknown_is_not_made_up)
{
	struct statusfile status = statuses_sample();

	status.total = status.whole = status.workers = status.processes = 0;
	status.rate = status.left = STATUSFILE_UNKNOWN;
	is_shown(&status, 0, "'/a/one' and 1 other -> '/b'\n"
		 "  copying:      1.0 MiB             - B/s  0:14 elapsed, ETA  -:--"
		 " | 1/>2 files\n");
}
END_TEST

START_TEST(no_byte_of_a_name_reaches_the_terminal_raw)
{
	struct statusfile status = statuses_sample();

	strcpy(status.dest, "/\033[2J\n");
	strcpy(status.worker[0].where, "\033]0;x\007");
	char *const text = shown_by(statustext_write, &status, 0);
	ck_assert_ptr_null(strchr(text, '\033'));
	ck_assert_ptr_null(strchr(text, '\007'));
	free(text);
	char *const json = shown_by(statustext_write_json, &status, 0);
	ck_assert_ptr_null(strchr(json, '\033'));
	ck_assert_ptr_nonnull(strstr(json, "\"destination\":\"/\\u001b[2J\\u000a\""));
	free(json);
}
END_TEST

/* ---- damaged files ---- */

static uint64_t seed;

/* Return a number below MOST; the same ones in each run.  */
static size_t
below(size_t most)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t) (seed >> 33) % most;
}

/* Change something in the first LEN bytes of BYTES.  Half of the changes are in the head,
   where most of what is checked stands.  */
static void
mutate(unsigned char *bytes, size_t len)
{
	const size_t most = below(2) == 0 && len > 144 ? 144 : len;
	const size_t at = below(most);
	const size_t count = below(4) == 0 ? 1 + below(most - at) : 1;
	static const unsigned char odd[] = { 0, 1, 0x1b, '/', 0x7f, 0x80, 0xff };

	memset(bytes + at, below(2) == 0 ? (int) below(256) : odd[below(sizeof odd)],
	       count);
}

START_TEST(no_file_is_so_damaged_that_it_crashes_a_reader)
{
	enum { ROUNDS = 3000, CHANGES = 6 };
	const struct statusfile sample = statuses_sample();
	struct statusfile status;

	seed = (uint64_t) _i;
	for (unsigned i = 0; i < ROUNDS; i++) {
		memcpy(&status, &sample, sizeof status);
		for (size_t n = below(CHANGES); n > 0; n--)
			mutate((unsigned char *) &status, sizeof status);
		const size_t len = below(8) == 0 ? below(sizeof status) : sizeof status;
		LLVMFuzzerTestOneInput((const uint8_t *) &status, len);
	}
}
END_TEST

Suite *
status_suite(void)
{
	enum { SEEDS = 4 };
	Suite *const suite = suite_create("status");
	TCase *const tc = tcase_create("text");

	tcase_add_test(tc, people_see_what_each_worker_does);
	tcase_add_test(tc, what_is_unknown_is_not_made_up);
	tcase_add_test(tc, no_byte_of_a_name_reaches_the_terminal_raw);
	tcase_add_loop_test(tc, no_file_is_so_damaged_that_it_crashes_a_reader, 0, SEEDS);
	suite_add_tcase(suite, tc);
	return suite;
}
