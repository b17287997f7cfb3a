/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_WAY_H
#define MMCP_BASE_WAY_H

#include <stdbool.h>
#include <stdint.h>

/* The ways in which an engine may move a window of data, where it has more than one.
   They differ in the calls that are made and in the folios that the kernel takes.  */
enum way {
	/* One process writes.  */
	WAY_KERNEL,		/* copy_file_range */
	WAY_WRITE,		/* from the source's mapping, 256 KiB a call */
	WAY_WRITE_SMALL,	/* the same, 16 KiB a call: small folios */
	WAY_READ_WRITE,		/* from a buffer */

	/* A worker stores into the mapping of the copy.  */
	WAY_HUGE,		/* a page fault brings in a huge folio */
	WAY_GROWING,		/* page faults bring in folios that grow */
	WAYS
};

/* A set of ways: a bit for each.  */
#define WAY(way) (1u << (way))

/* What a trial of ways has shown.  */
struct way_times {
	uint64_t pace[WAYS];	/* nanoseconds for a MiB; 0: not tried */
	enum way chosen;	/* goes on */
};

/* Return whether TIMES are of a trial of several ways.  */
static inline bool
way_was_tried(const struct way_times *times)
{
	unsigned tried = 0;

	for (unsigned i = 0; i < WAYS; i++)
		tried += times->pace[i] != 0;
	return tried > 1;
}

#endif
