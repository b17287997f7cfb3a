/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "report/debugmessages.h"
#include "report/message.h"

/* counts_kind() is no constant.  */
#define KIND(engine) (1u << (COUNT_##engine - COUNT_CLONED))

static const struct {
	struct explanation explanation;
	struct shares shares;
	uint64_t workers, kernel, mapped, read_write, direct, rounds;
	const char *text;
} cases[] = {
	{ { .reflink = USED_UNSUPPORTED }, .text =
	  "copy offload: unknown, reflink: unsupported, sparse detection: unknown\n" },
	{ { .reflink = USED_YES, .engine = "clone" }, .text =
	  "copy offload: unknown, reflink: yes, sparse detection: unknown\n"
	  "engine: clone\n" },
	{ { .offload = USED_YES, .reflink = USED_NO, .moved = true, .holes_sought = true,
	    .engine = "kernel", .why = REASON_SMALL }, .kernel = 100, .rounds = 2, .text =
	  "copy offload: yes, reflink: no, sparse detection: SEEK_HOLE\n"
	  "engine: kernel, because: too small for a mapping to pay\n"
	  "followed: the source changed while being copied, rounds: 2\n" },
	{ { .offload = USED_AVOIDED, .moved = true, .zeros_sought = true,
	    .engine = "stream", .why = REASON_KERNEL_REFUSED, .why_err = EPERM },
	  .read_write = 100, .text =
	  "copy offload: avoided, reflink: unknown, sparse detection: zeros\n"
	  "engine: stream, because: copy_file_range: Operation not permitted\n" },
	{ { .offload = USED_YES, .moved = true, .engine = "stream" },
	  .kernel = 10, .read_write = 90, .text =
	  "copy offload: yes, reflink: unknown, sparse detection: no\n"
	  "engine: stream (copy_file_range, write)\n" },
	{ { .moved = true, .engine = "mmap", .chunk_size = 4096 },
	  { .moved = { 125, 125, 125, 625 } }, .workers = 4, .mapped = 1000, .text =
	  "copy offload: unknown, reflink: unknown, sparse detection: no\n"
	  "engine: mmap, workers: 4, chunk size: 4 KiB, "
	  "moved: 13%, 13%, 12%, 62%\n" },
	{ { .moved = true, .holes_sought = true, .zeros_sought = true, .engine = "mmap",
	    .chunk_size = 1 << 20 },
	  { .moved = { 60, 40 }, .kinds = { KIND(READ_WRITE), KIND(MAPPED) } },
	  .workers = 2,
	  .mapped = 40, .read_write = 60, .text =
	  "copy offload: unknown, reflink: unknown, "
	  "sparse detection: SEEK_HOLE + zeros\n"
	  "engine: mmap, workers: 2, chunk size: 1 MiB, "
	  "moved: 60% (write), 40% (mmap)\n" },
	{ { .moved = true, .engine = "mmap", .chunk_size = 4096 },
	  { .moved = { 50, 50 },
	    .kinds = { KIND(KERNEL), KIND(MAPPED) | KIND(READ_WRITE) } },
	  .workers = 2, .kernel = 50, .mapped = 30, .read_write = 20, .text =
	  "copy offload: unknown, reflink: unknown, sparse detection: no\n"
	  "engine: mmap, workers: 2, chunk size: 4 KiB, "
	  "moved: 50% (copy_file_range), 50% (mmap, write)\n" },
	{ { .moved = true, .engine = "mmap", .chunk_size = 4096 },
	  { .moved = { 50, 50 },
	    .kinds = { KIND(READ_WRITE), KIND(READ_WRITE) } },
	  .workers = 2, .read_write = 100, .text =
	  "copy offload: unknown, reflink: unknown, sparse detection: no\n"
	  "engine: mmap, workers: 2, chunk size: 4 KiB, "
	  "moved: 50% (write), 50% (write)\n" },
	{ { .moved = true, .engine = "direct", .chunk_size = 4096, .past_cache = true },
	  { .moved = { 100 } }, .workers = 1, .read_write = 25, .direct = 75, .text =
	  "copy offload: unknown, reflink: unknown, sparse detection: no\n"
	  "engine: direct (25% by read and write), workers: 1, chunk size: 4 KiB, "
	  "moved: 100%\n" },
	{ { .moved = true, .engine = "direct", .chunk_size = 4096, .past_cache = true,
	    .why = REASON_NOT_DIRECT },
	  { .moved = { 100 } }, .workers = 1, .read_write = 100,
	  .text = "copy offload: unknown, reflink: unknown, sparse detection: no\n"
	  "engine: read and write, workers: 1, chunk size: 4 KiB, moved: 100%, "
	  "because: nothing could go past the page cache\n" },
};

START_TEST(a_copy_is_explained)
{
	struct counts counts;

	counts_clear(&counts);
	counts_set(&counts, COUNT_WORKERS, cases[_i].workers);
	counts_set(&counts, COUNT_KERNEL, cases[_i].kernel);
	counts_set(&counts, COUNT_MAPPED, cases[_i].mapped);
	counts_set(&counts, COUNT_READ_WRITE, cases[_i].read_write);
	counts_set(&counts, COUNT_DIRECT, cases[_i].direct);
	counts_set(&counts, COUNT_ROUNDS, cases[_i].rounds);
	scratch_hush();
	message_print_on_stderr();
	report_debug(&cases[_i].explanation, &counts, &cases[_i].shares);
	ck_assert_str_eq(scratch_said(), cases[_i].text);
}
END_TEST

Suite *
debugmessages_suite(void)
{
	Suite *const suite = suite_create("debugmessages");
	TCase *const tc = tcase_create("lines");

	tcase_add_checked_fixture(tc, scratch_enter, scratch_leave);
	tcase_add_loop_test(tc, a_copy_is_explained, 0, sizeof cases / sizeof *cases);
	suite_add_tcase(suite, tc);
	return suite;
}
