/* SPDX-License-Identifier: GPL-3.0-or-later */
/* counts.c: the names of all counts, and sets of them.  */
#include "config.h"

#include "base/counts.h"

#include <assert.h>
#include <string.h>

#define FILES(key, group) { key, NULL, COUNT_UNIT_FILES, COUNT_GROUP_##group }
#define BYTES(key, label, group) { key, label, COUNT_UNIT_BYTES, COUNT_GROUP_##group }
#define TIMES(key, group) { key, NULL, COUNT_UNIT_TIMES, COUNT_GROUP_##group }

/* The keys are those of JSON's schema 1.  */
const struct count_info count_info[] = {
	[COUNT_FOUND] = FILES(NULL, PROGRESS),
	[COUNT_OPENED] = FILES(NULL, PROGRESS),
	[COUNT_EXPECTED] = BYTES(NULL, NULL, PROGRESS),
	[COUNT_MOVED] = BYTES(NULL, NULL, PROGRESS),
	[COUNT_FLUSHING] = BYTES(NULL, NULL, PROGRESS),
	[COUNT_FLUSHED] = BYTES(NULL, NULL, PROGRESS),
	[COUNT_REGULAR] = FILES("regular", MADE),
	[COUNT_DIRECTORIES] = FILES("directory", MADE),
	[COUNT_SYMLINKS] = FILES("symlink", MADE),
	[COUNT_HARD_LINKS] = FILES("hardlink", MADE),
	[COUNT_SPECIAL] = FILES("special", MADE),
	[COUNT_BYTES] = BYTES("bytes", NULL, SIZE),
	[COUNT_CLONED] = BYTES("cloned", "cloned", ENGINE),
	[COUNT_HOLES] = BYTES("holes", NULL, ENGINE),
	[COUNT_KERNEL] = BYTES("by_kernel", "copy_file_range", ENGINE),
	[COUNT_MAPPED] = BYTES("by_mapping", "mapped", ENGINE),
	[COUNT_READ_WRITE] = BYTES("by_hand", "read and write", ENGINE),
	[COUNT_DIRECT] = BYTES("direct", "direct", ENGINE),
	[COUNT_FOLLOWED] = FILES("followed", FOLLOWED),
	[COUNT_ROUNDS] = TIMES("rounds", FOLLOWED),
	[COUNT_WORKERS] = TIMES(NULL, WORKERS),
	[COUNT_WORKERS_LOST] = TIMES(NULL, WORKERS),
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

/* The counts of bytes that engines move.  */
static const enum count engines[] = {
	COUNT_READ_WRITE, COUNT_KERNEL, COUNT_DIRECT, COUNT_MAPPED
};
enum { ENGINE_COUNTS = sizeof engines / sizeof *engines };

unsigned
counts_kinds(const struct counts *counts)
{
	unsigned kinds = 0;

	for (unsigned i = 0; i < ENGINE_COUNTS; i++)
		if (counts_get(counts, engines[i]) != 0)
			kinds |= 1u << engines[i];
	return kinds;
}

void
counts_trim(struct counts *counts, uint64_t size)
{
	uint64_t left = size;

	for (unsigned i = 0; i < ENGINE_COUNTS; i++) {
		const uint64_t n = counts_get(counts, engines[i]);
		counts_set(counts, engines[i], n < left ? n : left);
		left -= n < left ? n : left;
	}
}
