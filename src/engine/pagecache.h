/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_PAGECACHE_H
#define MMCP_ENGINE_PAGECACHE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What of a file is in memory.  */

enum { PAGECACHE_MOST = 16 << 20 };	/* bytes that pagecache_look takes, at most */

/* Bytes of FD's [FROM, FROM+LEN) that are in memory, about; -1 where that is unknown.  */
int64_t
pagecache_bytes(int fd, off_t from, off_t len);

/* Have the data in FD's [FROM, END) read from its device, without waiting.  Not what
   lies between: blocks that were reserved and never written would be pages of zeros,
   and data from then on (ext4, 6.18).  */
void
pagecache_read_ahead(int fd, off_t from, off_t end);

/* The pages of a range that were in memory when it was looked at.  */
struct pagecache_pages {
	off_t from, end;	/* bytes */
	bool none, all;
	unsigned char page[PAGECACHE_MOST / 4096];	/* bit 0 of each, if neither */
};

/* Look at FD's [FROM, END).  Where it is unknown, all of it is in memory.  */
void
pagecache_look(struct pagecache_pages *pages, int fd, off_t from, off_t end);

/* Have those pages of PAGES' range leave memory that weren't there.  What is still to be
   written stays.  */
void
pagecache_drop(const struct pagecache_pages *pages, int fd);

#endif
