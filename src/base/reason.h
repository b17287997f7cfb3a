/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_REASON_H
#define MMCP_BASE_REASON_H

/* Why an engine doesn't serve a file, or not as well as another.  The texts are in
   report/enginereasons.c.  */
enum reason {
	REASON_NONE,
	REASON_SOURCE_KIND,		/* the source is not a regular file */
	REASON_DEST_KIND,		/* nor the destination */
	REASON_NO_SIZE,
	REASON_SIZELESS_CONTENT,	/* there was content all the same */
	REASON_WRITE_ONLY,
	REASON_SMALL,
	REASON_UNTRUSTED,		/* nobody has measured this file system */
	REASON_ROTATES,
	REASON_MEMORY,			/* that a container permits */
	REASON_ONE_WORKER,
	REASON_HASHED,			/* the source is, on its way, for --verify */
	REASON_ERRORS_LOST,		/* those of stores into a mapping */
	REASON_NOT_HUGETLB,
	REASON_NOT_DIRECT,		/* every byte went through the page cache */
	REASON_AMENDS,			/* only what differs is written */
	REASON_SLOW_SPACE,		/* blocks are slow to reserve */
	REASON_NO_KERNEL,		/* copy_file_range was refused there before */
	REASON_KERNEL_REFUSED,		/* refused this time; the errno says more: */
	REASON_DIRECT_REFUSED,
	REASON_MMAP_REFUSED,
	REASON_REFUSED,			/* any other engine */
	REASONS
};

#endif
