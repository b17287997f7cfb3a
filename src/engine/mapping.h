/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_MAPPING_H
#define MMCP_ENGINE_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What a page fault may bring into the destination's mapping.  */
enum mapping_folios {
	MAPPING_PAGES,		/* a page: it is to have holes */
	MAPPING_GROWING,		/* folios that grow as they follow each other */
	MAPPING_HUGE		/* as memory_advise_huge */
};

/* The most bytes of each file that are mapped at a time; a larger file is mapped window
   by window.  With 32 bits, two of these take a third of the address space, with 64 a
   quarter of its 2^47 bytes.  */
#ifndef MAPPING_MOST
# if SIZE_MAX > UINT32_MAX
#  define MAPPING_MOST ((size_t) 1 << 44)
# else
#  define MAPPING_MOST (SIZE_MAX / 8 + 1)
# endif
#endif

/* What to map.  */
struct mapping_wish {
	int source;
	int dest;		/* -1: the source alone, to be written from */
	uint64_t size;		/* bytes of each */
	size_t most;		/* of them at a time, a power of 2; 0: MAPPING_MOST */
	size_t source_page;	/* the huge page size where it is on hugetlbfs, else 0 */
	size_t dest_page;
	enum mapping_folios folios;	/* for the destination */
	bool exact;		/* read no pages of the source but those touched */
};

/* A source and a destination mapped side by side, and the copying between them that
   survives a page that is unavailable.  */
struct mapping_pair {
	struct mapping_wish wish;
	uint64_t from, end;	/* what is mapped of both; nothing if they are equal */
	char *source;		/* from there on: read-only, shared */
	char *dest;		/* read-write, shared */
	size_t source_len;	/* bytes of address space, rounded to the pages there */
	size_t dest_len;
};

/* Bytes that were copied and may stay mapped.  Unmapping each of 10 000 places of data
   took 60 000 calls (doc/measurements.md#giving-pages-back).  */
#define MAPPING_KEPT ((size_t) 16 << 20)

#define MAPPING_PAIR_NONE ((struct mapping_pair) { .source = NULL, .dest = NULL })

/* Map what WISH says, or its first window.  Return 0, or -1 with errno and nothing
   mapped.  */
int
mapping_open(struct mapping_pair *map, const struct mapping_wish *wish);

/* Return whether both are mapped from the first byte to the last.  */
bool
mapping_is_whole(const struct mapping_pair *map);

/* Unmap what lies below offset END (bytes) and was copied, so that pages and page tables
   don't grow with the file.  Other mappings may use the addresses then; mapping_close
   respects that.  */
void
mapping_give_back(struct mapping_pair *map, uint64_t end);

/* Copy [AT, AT+LEN), at most a window, from source to destination: map it if it isn't
   mapped, populate the pages, then memcpy under the guard (base/guard.h).  Return 0; or
   -1 if a page is unavailable or the range is not in the files.  Then any part of it may
   have been copied.  */
int
mapping_copy(struct mapping_pair *map, uint64_t at, size_t len);

/* The same, but the destination has no pages there, and they are supplied by SUPPLY, from
   userfault_open.  AT and LEN are whole pages.  */
int
mapping_supply(struct mapping_pair *map, int supply, uint64_t at, size_t len);

/* The same, but the bytes are read from FD, the source's descriptor.  Return -1
   also if it has fewer.  */
int
mapping_read(struct mapping_pair *map, int fd, uint64_t at, size_t len);

/* Have page faults in the destination's mapping bring in FOLIOS from now on.  */
void
mapping_advise(struct mapping_pair *map, enum mapping_folios folios);

/* Write [AT, AT+LEN) of the source's mapping to the same place in FD, STEP bytes a call.
   Only the kernel touches the bytes, so no guard is needed.  Return 0; or -1 with errno,
   after any part of the range may have been written: EFAULT if a page is unavailable,
   else that of pwrite.  Don't retry after another error than EFAULT: an error of
   write-back is reported once, and a second write wouldn't get it.  */
int
mapping_write(struct mapping_pair *map, int fd, uint64_t at, size_t len,
	size_t step);

/* As zeros_run for at most LEN bytes of the source from AT on.  Return -1 if a page is
   unavailable.  */
ssize_t
mapping_zeros(struct mapping_pair *map, uint64_t at, size_t len, bool *zeros);

/* Start to write back what is mapped of the destination; with WAIT, wait until it is on
   the device.  Return 0, also if nothing is mapped or msync(2) is refused; or -1 with
   errno: fsync(2) returns errors of write-back, too.  */
int
mapping_sync(const struct mapping_pair *map, bool wait);

/* Unmap what is mapped.  Return 0, or -1 with errno.  */
int
mapping_close(struct mapping_pair *map);

#endif
