/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_LISTING_H
#define MMCP_BASE_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The names in a directory.  All are read before the first is used, so that reading ends
   even if others keep adding names.  */

struct listing {
	struct listing_block *first, *last;
	size_t at;		/* offset of the next name, in the first block */
	size_t seen;		/* bytes of entries read, as by getdents64(2) */
	bool endless;		/* don't limit SEEN */
	uint64_t ino;		/* the last name's inode number, as it stands there */
};

#define LISTING_EMPTY ((struct listing) { .first = NULL })

/* Read more names of directory FD, whose st_size was SIZE when it was opened.  Return 1
   if there may be more; 0 at the end, or when all names that it had when it was opened
   have been read; or -1 with errno.  */
int
listing_read(struct listing *listing, int fd, off_t size);

/* Return the next name, and its type (DT_...) in *TYPE; "." and ".." are left out.  The
   name is valid until the next call.  Return NULL after the last one.  */
const char *
listing_next(struct listing *listing, unsigned char *type);

/* Free what is left of it.  */
void
listing_free(struct listing *listing);

#endif
