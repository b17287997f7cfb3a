/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_MISSING_H
#define MMCP_BASE_MISSING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What a partial copy (--partial) lacks, as plain data.  */

/* A file with more bad places than these isn't tried to its end.  */
enum { MISSING_MOST = 4096 };

struct missing_range {
	off_t from, end;
};

/* Ranges in file order, which neither touch nor overlap.  */
struct missing {
	size_t count;
	uint64_t bytes;		/* in all of them */
	off_t size;		/* of the source */
	struct missing_range range[MISSING_MOST + 1];	/* one for what wasn't tried */
};

/* Begin with nothing missing of SIZE bytes.  */
void
missing_clear(struct missing *missing, off_t size);

/* Add [FROM, END), which follows all others.  There has to be room.  */
void
missing_add(struct missing *missing, off_t from, off_t end);

#endif
