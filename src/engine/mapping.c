/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mapping.c: a pair of mappings, whole or by windows.  A mapped page may turn out to be
   unavailable (the source was cut, a disk is full or broken), and the kernel then sends
   SIGBUS.  MADV_POPULATE_* has most of that as an errno; the guard (base/guard.h) jumps
   out of memcpy for the rest.  */
#include "config.h"

#include "engine/mapping.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/memory.h"
#include "engine/userfault.h"
#include "engine/zeros.h"

static size_t
round_up(size_t len, size_t page)
{
	return page == 0 ? len : (len + page - 1) / page * page;
}

/* Both mappings begin and end on a multiple of this, but at the end of the files.  */
static size_t
unit_of(const struct mapping_wish *wish)
{
	const size_t page = memory_page_size();
	const size_t huge = wish->source_page > wish->dest_page ? wish->source_page
		: wish->dest_page;

	return huge > page ? huge : page;
}

/* Advise the kernel as map->wish says.  A page fault may bring in a large folio, and a
   store into it allocates blocks for all of it: 4 KiB of data in every 8 KiB had 1.8
   times their blocks.  With MADV_RANDOM a page fault brings in one page; with
   MADV_SEQUENTIAL, folios that grow (doc/measurements.md#huge-folios).  */
static void
advise(const struct mapping_pair *map)
{
	const enum mapping_folios folios = map->wish.folios;

	if (folios != MAPPING_HUGE || memory_advise_huge(map->dest, map->dest_len) < 0)
		posix_madvise(map->dest, map->dest_len, folios == MAPPING_PAGES
			      ? POSIX_MADV_RANDOM : POSIX_MADV_SEQUENTIAL);
}

void
mapping_advise(struct mapping_pair *map, enum mapping_folios folios)
{
	if (map->wish.folios == MAPPING_HUGE && map->dest != NULL)
		memory_advise_small(map->dest, map->dest_len);
	map->wish.folios = folios;
	if (map->dest != NULL)
		advise(map);
}

/* Map LEN bytes at FROM of the destination.  Return 0, or -1 with errno.  */
static int
mapping_dest(struct mapping_pair *map, uint64_t from, size_t len)
{
	const struct mapping_wish *const wish = &map->wish;
	const size_t room = round_up(len, wish->dest_page);
	void *const to = wish->folios == MAPPING_HUGE
		? memory_map_huge(room, wish->dest, (off_t) from)
		: mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED, wish->dest,
		       (off_t) from);

	if (to == MAP_FAILED)
		return -1;
	map->dest = to;
	map->dest_len = room;
	advise(map);
	return 0;
}

/* Map the window that AT is in, of which nothing is mapped.  Return 0, or -1 with
   errno.  */
static int
mapping_window(struct mapping_pair *map, uint64_t at)
{
	const struct mapping_wish *const wish = &map->wish;
	const size_t most = wish->most != 0 ? wish->most : MAPPING_MOST;
	const uint64_t from = wish->size <= most ? 0 : at / unit_of(wish) * unit_of(wish);
	const size_t len = wish->size - from < most ? (size_t) (wish->size - from) : most;
	const size_t room = round_up(len, wish->source_page);
	void *const source = mmap(NULL, room, PROT_READ, MAP_SHARED, wish->source,
				  (off_t) from);

	if (source == MAP_FAILED)
		return -1;
	map->source = source;
	map->source_len = room;
	if (wish->dest >= 0 && mapping_dest(map, from, len) < 0) {
		const int err = errno;
		mapping_close(map);
		errno = err;
		return -1;
	}
	if (wish->exact)
		posix_madvise(source, room, POSIX_MADV_RANDOM);
	map->from = from;
	map->end = from + len;
	return 0;
}

int
mapping_open(struct mapping_pair *map, const struct mapping_wish *wish)
{
	*map = MAPPING_PAIR_NONE;
	map->wish = *wish;
	return mapping_window(map, 0);
}

bool
mapping_is_whole(const struct mapping_pair *map)
{
	return map->dest != NULL && map->from == 0 && map->end == map->wish.size;
}

/* Have [AT, AT+LEN) mapped.  Return 0, or -1 with EFAULT.  */
static int
reach(struct mapping_pair *map, uint64_t at, size_t len)
{
	const size_t most = map->wish.most != 0 ? map->wish.most : MAPPING_MOST;

	if (at >= map->from && at + len <= map->end)
		return 0;
	if (map->wish.size > most && at < map->wish.size) {
		mapping_close(map);
		if (mapping_window(map, at) == 0 && at + len <= map->end)
			return 0;
	}
	errno = EFAULT;
	return -1;
}

void
mapping_give_back(struct mapping_pair *map, uint64_t end)
{
	end = end < map->end ? end / unit_of(&map->wish) * unit_of(&map->wish) : map->end;
	if (end <= map->from)
		return;
	if (end == map->end) {
		mapping_close(map);
		return;
	}
	/* munmap, not MADV_DONTNEED: before Linux 6.14 that keeps the page tables, 2 MiB
	   for each GiB of the file.  What fails here costs memory and nothing else.  */
	const size_t len = (size_t) (end - map->from);
	munmap(map->source, len);
	map->source += len;
	map->source_len -= len;
	if (map->dest != NULL) {
		munmap(map->dest, len);
		map->dest += len;
		map->dest_len -= len;
	}
	map->from = end;
}

static char *
in_source(const struct mapping_pair *map, uint64_t at)
{
	return map->source + (size_t) (at - map->from);
}

static char *
in_dest(const struct mapping_pair *map, uint64_t at)
{
	return map->dest + (size_t) (at - map->from);
}

/* Populate the whole pages round [ADDR, ADDR+LEN) of a mapping.  */
static int
populate(char *addr, size_t len, bool for_writing)
{
	const size_t before = (uintptr_t) addr % memory_page_size();

	return memory_populate(addr - before, before + len, for_writing);
}

int
mapping_copy(struct mapping_pair *map, uint64_t at, size_t len)
{
	if (reach(map, at, len) < 0 || populate(in_dest(map, at), len, true) < 0
	    || populate(in_source(map, at), len, false) < 0)
		return -1;
	return guard_copy(in_dest(map, at), in_source(map, at), len);
}

int
mapping_supply(struct mapping_pair *map, int supply, uint64_t at, size_t len)
{
	if (reach(map, at, len) < 0 || populate(in_source(map, at), len, false) < 0)
		return -1;
	return userfault_supply(supply, in_dest(map, at), in_source(map, at), len);
}

int
mapping_read(struct mapping_pair *map, int fd, uint64_t at, size_t len)
{
	if (reach(map, at, len) < 0 || populate(in_dest(map, at), len, true) < 0)
		return -1;
	return descriptor_read(fd, in_dest(map, at), len, (off_t) at) == (ssize_t) len
		? 0 : -1;
}

int
mapping_write(struct mapping_pair *map, int fd, uint64_t at, size_t len, size_t step)
{
	const uint64_t end = at + len;

	if (reach(map, at, len) < 0 || populate(in_source(map, at), len, false) < 0) {
		errno = EFAULT;
		return -1;
	}
	for (; at < end; at += step) {
		step = end - at < step ? (size_t) (end - at) : step;
		if (descriptor_write(fd, in_source(map, at), step, (off_t) at) < 0)
			return -1;
	}
	return 0;
}

/* A look for zeros, and what it finds.  */
struct zeros_look {
	off_t at;
	bool zeros;
	size_t run;
};

static void
look_for_zeros(char *dest, const char *source, size_t len, void *context)
{
	struct zeros_look *const look = context;

	(void) dest;
	look->run = zeros_run(source, len, look->at, &look->zeros);
}

ssize_t
mapping_zeros(struct mapping_pair *map, uint64_t at, size_t len, bool *zeros)
{
	struct zeros_look look = { .at = (off_t) at };

	if (reach(map, at, len) < 0 || populate(in_source(map, at), len, false) < 0
	    || guard_run(look_for_zeros, in_source(map, at), in_source(map, at), len,
			 &look) < 0)
		return -1;
	*zeros = look.zeros;
	return (ssize_t) look.run;
}

int
mapping_sync(const struct mapping_pair *map, bool wait)
{
	if (map->dest == NULL
	    || msync(map->dest, map->dest_len, wait ? MS_SYNC : MS_ASYNC) == 0)
		return 0;
	return error_is_final(errno) || errno == EINTR ? -1 : 0;
}

int
mapping_close(struct mapping_pair *map)
{
	int ret = 0;

	if (map->source != NULL && munmap(map->source, map->source_len) < 0)
		ret = -1;
	if (map->dest != NULL && munmap(map->dest, map->dest_len) < 0)
		ret = -1;
	map->source = map->dest = NULL;
	map->source_len = map->dest_len = 0;
	map->from = map->end = 0;
	return ret;
}
