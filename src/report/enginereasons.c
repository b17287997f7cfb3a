/* SPDX-License-Identifier: GPL-3.0-or-later */
/* enginereasons.c: the texts of enum reason, for --debug, whose lines are not translated,
   and for an engine that was named.  */
#include "config.h"

#include "report/enginereasons.h"

#include <assert.h>
#include <stddef.h>

#include "base/locale.h"

static const char *const texts[] = {
	[REASON_NONE] = NULL,
	[REASON_SOURCE_KIND] = N_("the source is not a regular file"),
	[REASON_DEST_KIND] = N_("the destination is not a regular file"),
	[REASON_NO_SIZE] = N_("the source has no size"),
	[REASON_SIZELESS_CONTENT] = N_("the source has content but no size"),
	[REASON_WRITE_ONLY] = N_("the destination can be written but not read"),
	[REASON_SMALL] = N_("too small for a mapping to pay"),
	[REASON_UNTRUSTED] = N_("a mapping is not known to be safe on this file system"),
	[REASON_ROTATES] = N_("the disk rotates, and the source is not in memory"),
	[REASON_MEMORY] =
		N_("little memory is permitted, and the source is not in memory"),
	[REASON_ONE_WORKER] = N_("one worker alone is faster without a mapping of both"),
	[REASON_HASHED] = N_("the source is hashed while it is copied"),
	[REASON_ERRORS_LOST] =
		N_("the destination's file system may not report errors of mappings"),
	[REASON_NOT_HUGETLB] = N_("the destination is not on hugetlbfs"),
	[REASON_NOT_DIRECT] = N_("nothing could go past the page cache"),
	[REASON_AMENDS] = N_("only what differs of the old file is written"),
	[REASON_SLOW_SPACE] = N_("the file system is slow to reserve blocks"),
	[REASON_NO_KERNEL] = N_("copy_file_range is not supported"),
	[REASON_KERNEL_REFUSED] = "copy_file_range",
	[REASON_DIRECT_REFUSED] = "O_DIRECT",
	[REASON_MMAP_REFUSED] = N_("mapping by workers"),
	[REASON_REFUSED] = N_("another engine was refused"),
};
static_assert(sizeof texts / sizeof *texts == REASONS, "a text each");

const char *
reason_text(enum reason reason)
{
	return texts[reason];
}
