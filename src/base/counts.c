/* SPDX-License-Identifier: GPL-3.0-or-later */
/* counts.c: the names of all counts, and sets of them.  */
#include "config.h"

#include "base/counts.h"

#include <assert.h>
#include <string.h>

#include "base/locale.h"

#define FILES(key, label, group) { key, label, COUNT_UNIT_FILES, COUNT_GROUP_##group }
#define BYTES(key, label, group) { key, label, COUNT_UNIT_BYTES, COUNT_GROUP_##group }
#define TIMES(key, label, group) { key, label, COUNT_UNIT_TIMES, COUNT_GROUP_##group }

/* The keys are those of JSON's schema 2; what people read is translated where it is
   printed, but for --debug.  */
const struct count_info count_info[] = {
	[COUNT_FOUND] = FILES(NULL, NULL, PROGRESS),
	[COUNT_OPENED] = FILES(NULL, NULL, PROGRESS),
	[COUNT_EXPECTED] = BYTES(NULL, NULL, PROGRESS),
	[COUNT_AMENDED] = BYTES(NULL, NULL, PROGRESS),
	[COUNT_MOVED] = BYTES(NULL, NULL, PROGRESS),
	[COUNT_MISSED] = BYTES(NULL, NULL, PROGRESS),
	[COUNT_FLUSHING] = BYTES(NULL, NULL, PROGRESS),
	[COUNT_FLUSHED] = BYTES(NULL, NULL, PROGRESS),
	[COUNT_READING_BACK] = BYTES(NULL, NULL, PROGRESS),
	[COUNT_READ_BACK] = BYTES(NULL, NULL, PROGRESS),
	[COUNT_PLANNED] = BYTES(NULL, NULL, PROGRESS),
	[COUNT_PASSED] = FILES(NULL, NULL, PROGRESS),
	[COUNT_WAITED] = TIMES(NULL, NULL, PROGRESS),
	[COUNT_REGULAR] = FILES("regular", N_("regular files"), MADE),
	[COUNT_DIRECTORIES] = FILES("directory", N_("directories"), MADE),
	[COUNT_SYMLINKS] = FILES("symlink", N_("symbolic links"), MADE),
	[COUNT_HARD_LINKS] = FILES("hardlink", N_("hard links"), MADE),
	[COUNT_SPECIAL] = FILES("special", N_("special files"), MADE),
	[COUNT_REPLACED] = FILES(NULL, NULL, PROGRESS),
	[COUNT_KEPT] = FILES("exists", N_("existing (-n)"), SKIPPED),
	[COUNT_NOT_OLDER] = FILES("not_older", N_("not older (-u)"), SKIPPED),
	[COUNT_UNCHANGED] = FILES("unchanged", N_("unchanged"), SKIPPED),
	[COUNT_SAME_CONTENT] = FILES("same_content", N_("same content"), SKIPPED),
	[COUNT_DECLINED] = FILES("declined", N_("declined (-i)"), SKIPPED),
	[COUNT_EXCLUDED] = FILES("excluded", N_("excluded"), SKIPPED),
	[COUNT_SAME_FILE] = FILES("same_file", N_("the same file"), SKIPPED),
	[COUNT_REPEATED] = FILES("repeated", N_("named before"), SKIPPED),
	[COUNT_BYTES] = BYTES("bytes", NULL, SIZE),
	[COUNT_CLONED] = BYTES("cloned", N_("cloned"), ENGINE),
	[COUNT_HOLES] = BYTES("holes", N_("in holes"), ENGINE),
	[COUNT_KERNEL] = BYTES("by_kernel", "copy_file_range", ENGINE),
	[COUNT_MAPPED] = BYTES("by_mapping", N_("mapped"), ENGINE),
	[COUNT_READ_WRITE] = BYTES("by_hand", N_("read and write"), ENGINE),
	[COUNT_DIRECT] = BYTES("direct", N_("direct"), ENGINE),
	[COUNT_SAME] = BYTES("same", N_("there already"), ENGINE),
	[COUNT_RESUMED] = BYTES("resumed", N_("resumed"), ENGINE),
	[COUNT_COMPARED] = BYTES("compared", N_("compared"), COMPARED),
	[COUNT_ONLY_IN_DEST] = FILES("only_in_destination", N_("only in destination"),
				     COMPARED),
	[COUNT_FOLLOWED] = FILES("followed", N_("files"), FOLLOWED),
	[COUNT_ROUNDS] = TIMES("rounds", N_("rounds"), FOLLOWED),
	[COUNT_VERIFIED] = BYTES("verified", N_("verified"), VERIFIED),
	[COUNT_VERIFYING] = TIMES(NULL, NULL, VERIFIED),
	[COUNT_HASHED] = BYTES("hashed", N_("hashed"), HASHED),
	[COUNT_HASHING] = TIMES(NULL, NULL, HASHED),
	[COUNT_WORKERS] = TIMES(NULL, NULL, WORKERS),
	[COUNT_WORKERS_LOST] = TIMES(NULL, NULL, WORKERS),
};
static_assert(sizeof count_info / sizeof *count_info == COUNTS, "a row each");

void
counts_clear(struct counts *counts)
{
	memset(counts, 0, sizeof *counts);
}

void
counts_add_all(struct counts *to, const struct counts *from)
{
	for (unsigned i = 0; i < COUNTS; i++)
		counts_add(to, i, counts_get(from, i));
}

uint64_t
counts_moved(const struct counts *counts)
{
	return counts_get(counts, COUNT_KERNEL) + counts_get(counts, COUNT_MAPPED)
		+ counts_get(counts, COUNT_READ_WRITE) + counts_get(counts, COUNT_DIRECT);
}

uint64_t
counts_copied(const struct counts *counts)
{
	return counts_moved(counts) + counts_get(counts, COUNT_CLONED);
}

uint64_t
counts_there(const struct counts *counts)
{
	return counts_copied(counts) + counts_get(counts, COUNT_SAME)
		+ counts_get(counts, COUNT_RESUMED);
}

uint64_t
counts_sum(const struct counts *counts, enum count_group group)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < COUNTS; i++)
		if (count_info[i].group == group)
			sum += counts_get(counts, i);
	return sum;
}

/* The counts of bytes that engines move.  */
static const enum count engines[] = {
	COUNT_READ_WRITE, COUNT_KERNEL, COUNT_DIRECT, COUNT_MAPPED
};
enum { ENGINE_COUNTS = sizeof engines / sizeof *engines };

/* Reduce WHAT of COUNTS to LEFT at most.  Return what is left of that.  */
static uint64_t
trim(struct counts *counts, enum count what, uint64_t left)
{
	const uint64_t n = counts_get(counts, what);

	counts_set(counts, what, n < left ? n : left);
	return left - (n < left ? n : left);
}

unsigned
counts_kinds(const struct counts *counts)
{
	unsigned kinds = 0;

	for (unsigned i = 0; i < ENGINE_COUNTS; i++)
		if (counts_get(counts, engines[i]) != 0)
			kinds |= counts_kind(engines[i]);
	return kinds;
}

void
counts_trim(struct counts *counts, uint64_t size)
{
	uint64_t left = trim(counts, COUNT_RESUMED, trim(counts, COUNT_SAME, size));

	for (unsigned i = 0; i < ENGINE_COUNTS; i++)
		left = trim(counts, engines[i], left);
}
