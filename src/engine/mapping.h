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

/* So many bytes of each file are mapped at a time at most, a larger one by windows:
   with 32 bits two of these take a third of the addresses, with 64 a quarter of the
   2^47 that there are.  */
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
	bool exact;		/* no page of the source is read that isn't touched */
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

/* Map what WISH says, or its first window.  0, or -1 with errno and nothing mapped.  */
int
mapping_open(struct mapping_pair *map, const struct mapping_wish *wish);

/* Return whether both are mapped from the first byte to the last.  */
bool
mapping_is_whole(const struct mapping_pair *map);

/* Give back the mappings' pages and page tables below offset END (bytes), all of which is
   done, so that neither grows with the file.  Another may have the addresses
   then, and mapping_close knows.  */
void
mapping_give_back(struct mapping_pair *map, uint64_t end);

/* Have SIGBUS end a mapping_copy instead of the process.  Once, in a worker.  */
void
mapping_guard(void);

/* Copy [AT, AT+LEN), no more than a window, from source to destination: mapped if they
   aren't, pages populated, then memcpy under the guard.  0; or -1 if a page could not be
   had, or is not of the files, in which case any part of the range may have been
   copied.  */
int
mapping_copy(struct mapping_pair *map, uint64_t at, size_t len);

/* The same, but supply the destination's pages, which has none of them, by SUPPLY of
   userfault_open; AT and LEN are whole pages.  */
int
mapping_supply(struct mapping_pair *map, int supply, uint64_t at, size_t len);

/* The same, but the bytes are read from FD, the source's descriptor.  0; or -1 also if
   it had fewer.  */
int
mapping_read(struct mapping_pair *map, int fd, uint64_t at, size_t len);

/* Have the kernel write [AT, AT+LEN) of the source to the same place in FD: no byte is
   touched here, so that no guard is needed.  0; or -1, when any part of the range may
   have been written: EFAULT if a page was unavailable, else that of pwrite.  That is
   not to be tried again: an error of write-back is told once, and a second write would
   be told nothing.  */
int
mapping_write(struct mapping_pair *map, int fd, uint64_t at, size_t len);

/* How many bytes of the source from AT on, LEN at most, are blocks of zeros, or have
   none among them: as zeros_run.  -1 if a page was unavailable.  */
ssize_t
mapping_zeros(struct mapping_pair *map, uint64_t at, size_t len, bool *zeros);

/* Start writing what is mapped of the destination back; with WAIT, until it is on the
   device, with its errors, which fsync(2) returns, too.  0, also where
   nothing is mapped, or msync(2) is refused; or -1 with errno.  */
int
mapping_sync(const struct mapping_pair *map, bool wait);

/* Unmap what is mapped.  0, or -1 with errno.  */
int
mapping_close(struct mapping_pair *map);

#endif
