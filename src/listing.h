/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_LISTING_H
#define MMCP_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The names in a directory, all read before anything is done with the first one, so that a
   directory that others add to meanwhile has an end.  */

struct listing {
	struct listing_block *first, *last;
	size_t at;		/* in the first block, what comes next */
	size_t seen;		/* bytes of entries that were read, as getdents64(2) counts them */
	bool endless;		/* SEEN has no limit */
};

#define LISTING_EMPTY ((struct listing) { .first = NULL })

/* Read some more of directory FD, whose st_size was SIZE when it was opened.  1; 0 at the end, or
   where all that was there when it was opened has been read; or -1 with errno.  */
int
listing_read(struct listing *listing, int fd, off_t size);

/* The next name, without "." and "..", and its *TYPE (DT_...); it is there until the next call.
   NULL after the last one.  */
const char *
listing_next(struct listing *listing, unsigned char *type);

void
listing_free(struct listing *listing);

#endif
