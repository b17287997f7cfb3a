/* SPDX-License-Identifier: GPL-3.0-or-later */
/* enginereasons.c: the texts of enum reason, for --debug and for an engine that was
   named.  */
#include "config.h"

#include "report/enginereasons.h"

#include <assert.h>
#include <stddef.h>

static const char *const texts[] = {
	[REASON_NONE] = NULL,
	[REASON_SOURCE_KIND] = "the source is not a regular file",
	[REASON_DEST_KIND] = "the destination is not a regular file",
	[REASON_NO_SIZE] = "the source has no size",
	[REASON_SIZELESS_CONTENT] = "the source has content but no size",
	[REASON_WRITE_ONLY] = "the destination can be written but not read",
	[REASON_SMALL] = "too small for a mapping to pay",
	[REASON_UNTRUSTED] = "a mapping is not known to be safe on this file system",
	[REASON_ROTATES] = "the disk rotates, and the source is not in memory",
	[REASON_MEMORY] = "little memory is permitted, and the source is not in memory",
	[REASON_ONE_WORKER] = "one worker alone is faster without a mapping of both",
	[REASON_ERRORS_LOST] =
		"the destination's file system may not report errors of mappings",
	[REASON_NOT_HUGETLB] = "the destination is not on hugetlbfs",
	[REASON_NOT_DIRECT] = "nothing could go past the page cache",
	[REASON_SLOW_SPACE] = "the file system is slow to reserve blocks",
	[REASON_NO_KERNEL] = "copy_file_range is not supported",
	[REASON_KERNEL_REFUSED] = "copy_file_range",
	[REASON_DIRECT_REFUSED] = "O_DIRECT",
	[REASON_MMAP_REFUSED] = "mapping by workers",
	[REASON_REFUSED] = "another engine was refused",
};
static_assert(sizeof texts / sizeof *texts == REASONS, "a text each");

const char *
reason_text(enum reason reason)
{
	return texts[reason];
}
