/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_MAP_H
#define MMCP_MAP_H

#include <stddef.h>
#include <stdbool.h>
#include <sys/types.h>

/* A source and a destination mapped side by side, and the copying between them that
   survives a page which can't be had.  */
struct map_pair {
	char *source;		/* read-only, shared */
	char *dest;		/* read-write, shared */
	size_t size;		/* bytes of the file that are mapped */
	size_t source_len;	/* bytes of address space, rounded to the pages there */
	size_t dest_len;
	size_t given_back;	/* bytes at the source's beginning that are no longer mapped */
};

/* So many bytes that were copied may stay mapped: where a file has data in 10 000 places, to give
   back each of them took 60 000 calls.  */
#define MAP_KEPT ((size_t) 16 << 20)

#define MAP_PAIR_NONE ((struct map_pair) { .source = NULL, .dest = NULL })

/* What a fault may bring into the destination's mapping.  */
enum map_folios {
	MAP_PAGES,		/* a page: it is to have holes */
	MAP_GROWING,		/* folios that grow as they follow each other */
	MAP_HUGE		/* as sys_advise_huge */
};

/* Map SIZE bytes of both; FOLIOS for the destination, EXACT if no page
   of the source is to be read but those that are touched.  SOURCE_PAGE and DEST_PAGE
   are the huge page sizes if they are on hugetlbfs, else 0.  0, or -1 with errno and
   nothing mapped.  */
int
map_open(struct map_pair *map, int source, int dest, size_t size,
	enum map_folios folios, bool exact, size_t source_page, size_t dest_page);

/* Map SIZE bytes of the source alone, to be written from; SOURCE_PAGE as above.  0, or -1 with
   errno and nothing mapped.  */
int
map_open_source(struct map_pair *map, int source, size_t size, size_t source_page);

/* In a worker that is done with all below offset END (bytes): give back both mappings'
   pages and page tables between FROM and END, so that neither grows with the file.  */
void
map_drop(const struct map_pair *map, size_t from, size_t end);

/* The same, by who goes on: give back the pages and page tables of a source that is mapped
   alone, below END.  Another may have the addresses then, and map_close knows.  */
void
map_give_back(struct map_pair *map, size_t end);

/* Have SIGBUS end a map_copy instead of the process.  Once, in a worker.  */
void
map_guard(void);

/* Copy [AT, AT+LEN) from source to destination: pages populated first, then memcpy
   under the guard.  0; or -1 if a page could not be had, in which case any part of
   the range may have been copied.  */
int
map_copy(const struct map_pair *map, size_t at, size_t len);

/* The same, but supply the destination's pages, which has none of them, by SUPPLY of supply_open;
   AT and LEN are whole pages.  */
int
map_supply(const struct map_pair *map, int supply, size_t at, size_t len);

/* The same, but the bytes are read from FD, the source's descriptor.  0; or -1 also if it had
   fewer.  */
int
map_read(const struct map_pair *map, int fd, size_t at, size_t len);

/* Have the kernel write [AT, AT+LEN) of the source to the same place in FD: no byte is touched
   here, so that no guard is needed.  0; or -1, when any part of the range may have been written:
   EFAULT if a page could not be had, else what pwrite said.  That is not to be tried again: an
   error of write-back is told once, and a second write would be told nothing.  */
int
map_write(const struct map_pair *map, int fd, size_t at, size_t len);

/* How many bytes of the source from AT on, LEN at most, are blocks of zeros, or have
   none among them: as zeros_run.  -1 if a page could not be had.  */
ssize_t
map_zeros(const struct map_pair *map, size_t at, size_t len, bool *zeros);

/* Start writing the destination back; with WAIT, until it is on the device, hearing
   its errors.  0, also where nothing is mapped; or -1 with errno.  */
int
map_sync(const struct map_pair *map, bool wait);

/* Unmap what is mapped.  0, or -1 with errno.  */
int
map_close(struct map_pair *map);

#endif
