/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_PAGECACHE_H
#define MMCP_ENGINE_PAGECACHE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Which pages of a file are in memory.  */

enum { PAGECACHE_MOST = 16 << 20 };	/* bytes that pagecache_look takes, at most */

/* Return about how many bytes of FD's [FROM, FROM+LEN) are in memory; -1 if unknown.  */
int64_t
pagecache_bytes(int fd, off_t from, off_t len);

/* Start to read the data in FD's [FROM, END) from its device.  Holes are skipped:
   reserved blocks that were never written would become pages of zeros, and count as data
   from then on (ext4, 6.18).  */
void
pagecache_read_ahead(int fd, off_t from, off_t end);

/* The pages of a range that were in memory when it was looked at.  */
struct pagecache_pages {
	off_t from, end;	/* bytes */
	bool none, all;
	unsigned char page[PAGECACHE_MOST / 4096];	/* bit 0 of each, if neither */
};

/* Set PAGES to the pages of FD's [FROM, END) that are in memory; all of them if that is
   unknown.  */
void
pagecache_look(struct pagecache_pages *pages, int fd, off_t from, off_t end);

/* Drop from memory those pages in PAGES' range of FD that weren't there when PAGES was
   set.  Pages that are still to be written stay.  */
void
pagecache_drop(const struct pagecache_pages *pages, int fd);

#endif
