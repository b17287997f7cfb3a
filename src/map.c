/* SPDX-License-Identifier: GPL-3.0-or-later */
/* map.c: a pair of mappings, and the guard.  A mapped page may turn out not to be had
   (the source was truncated, a disk is full or broken), and the kernel then sends
   SIGBUS.  MADV_POPULATE_* has most of that as an errno; the guard jumps out of memcpy
   for the rest.  It is the one signal handler of ours that does more than set a flag.  */
#include "config.h"

#include "map.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "supply.h"
#include "sys.h"
#include "zeros.h"

static sigjmp_buf guard_exit;
static const char *volatile guard_source;	/* what is being copied; NULL: nothing */
static const char *volatile guard_dest;
static volatile size_t guard_len;

static bool
within(const char *addr, const char *start, size_t len)
{
	const uintptr_t page = ~(uintptr_t) (sys_page_size() - 1);

	/* memcpy may read a word that begins before the range, on the same page.  */
	return (uintptr_t) addr >= ((uintptr_t) start & page) && addr < start + len;
}

static void
on_sigbus(int signo, siginfo_t *info, void *context)
{
	const char *const addr = info->si_addr;

	(void) context;
	if (guard_source != NULL && (within(addr, guard_source, guard_len)
				     || within(addr, guard_dest, guard_len)))
		siglongjmp(guard_exit, 1);
	signal(signo, SIG_DFL);		/* Not ours: the fault comes again and kills.  */
}

void
map_guard(void)
{
	struct sigaction action = { .sa_sigaction = on_sigbus,
				    .sa_flags = SA_SIGINFO | SA_NODEFER };

	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
}

static size_t
round_up(size_t len, size_t page)
{
	return page == 0 ? len : (len + page - 1) / page * page;
}

int
map_open_source(struct map_pair *map, int source, size_t size, size_t source_page)
{
	const size_t len = round_up(size, source_page);
	void *const from = mmap(NULL, len, PROT_READ, MAP_SHARED, source, 0);

	*map = MAP_PAIR_NONE;
	if (from == MAP_FAILED)
		return -1;
	map->size = size;
	map->source = from;
	map->source_len = len;
	return 0;
}

int
map_open(struct map_pair *map, int source, int dest, size_t size,
	enum map_folios folios, bool exact, size_t source_page, size_t dest_page)
{
	if (map_open_source(map, source, size, source_page) < 0)
		return -1;
	map->dest_len = round_up(size, dest_page);
	void *const to = mmap(NULL, map->dest_len, PROT_READ | PROT_WRITE, MAP_SHARED, dest, 0);
	if (to == MAP_FAILED) {
		const int err = errno;
		map_close(map);
		errno = err;
		return -1;
	}
	/* A fault may bring in a large folio, and a store into it allocates blocks for
	   all of it: 4 KiB of data in every 8 KiB had 1.8 times their blocks (ext4,
	   6.18).  With MADV_RANDOM a fault brings in a page; with MADV_SEQUENTIAL large
	   folios that follow each other (1 GiB, ext4, 6.18, times cp: 2.15, without 1.86).  */
	if (folios != MAP_HUGE || sys_advise_huge(to, map->dest_len) < 0)
		posix_madvise(to, map->dest_len, folios == MAP_PAGES ? POSIX_MADV_RANDOM
			      : POSIX_MADV_SEQUENTIAL);
	if (exact)
		posix_madvise(map->source, map->source_len, POSIX_MADV_RANDOM);
	map->dest = to;
	return 0;
}

void
map_drop(const struct map_pair *map, size_t from, size_t end)
{
	/* munmap, not MADV_DONTNEED: before Linux 6.14 that keeps the page tables, 2 MiB
	   for each GiB of the file.  What fails here costs memory and nothing else.  */
	if (map->source == NULL || end <= from)
		return;
	munmap(map->source + from, end - from);
	munmap(map->dest + from, end - from);
}

void
map_give_back(struct map_pair *map, size_t end)
{
	end &= ~(sys_page_size() - 1);
	if (end > map->given_back && munmap(map->source + map->given_back, end - map->given_back) == 0)
		map->given_back = end;
}

/* Populate the whole pages round [AT, AT+LEN) of a mapping.  0, or -1: EFAULT also where there is
   no mapping.  Nothing is read or written before that.  */
static int
populate(char *base, size_t at, size_t len, bool for_writing)
{
	if (base == NULL) {
		errno = EFAULT;
		return -1;
	}
	const size_t start = at & ~(sys_page_size() - 1);

	return sys_populate(base + start, at + len - start, for_writing);
}

/* What is done to LEN bytes of both, under the guard.  */
typedef void guarded_work(char *dest, const char *source, size_t len, void *context);

/* Do WORK where a page that can't be had ends it.  0, or -1 if one could not.  */
static int
guarded(guarded_work *work, char *dest, const char *source, size_t len, void *context)
{
	guard_len = len;
	guard_dest = dest;
	if (sigsetjmp(guard_exit, 0) != 0) {
		guard_source = NULL;
		return -1;
	}
	guard_source = source;
	atomic_signal_fence(memory_order_seq_cst);	/* No byte moves unguarded.  */
	work(dest, source, len, context);
	atomic_signal_fence(memory_order_seq_cst);
	guard_source = NULL;
	return 0;
}

static void
copy_bytes(char *dest, const char *source, size_t len, void *context)
{
	(void) context;
	memcpy(dest, source, len);
}

int
map_copy(const struct map_pair *map, size_t at, size_t len)
{
	if (populate(map->dest, at, len, true) < 0 || populate(map->source, at, len, false) < 0)
		return -1;
	return guarded(copy_bytes, map->dest + at, map->source + at, len, NULL);
}

int
map_supply(const struct map_pair *map, int supply, size_t at, size_t len)
{
	if (populate(map->source, at, len, false) < 0)
		return -1;
	return supply_pages(supply, map->dest + at, map->source + at, len);
}

int
map_read(const struct map_pair *map, int fd, size_t at, size_t len)
{
	if (populate(map->dest, at, len, true) < 0)
		return -1;
	return sys_pread_all(fd, map->dest + at, len, (off_t) at) == (ssize_t) len ? 0 : -1;
}

int
map_write(const struct map_pair *map, int fd, size_t at, size_t len)
{
	if (populate(map->source, at, len, false) < 0) {
		errno = EFAULT;
		return -1;
	}
	return sys_pwrite_all(fd, map->source + at, len, (off_t) at);
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
map_zeros(const struct map_pair *map, size_t at, size_t len, bool *zeros)
{
	struct zeros_look look = { .at = (off_t) at };

	if (populate(map->source, at, len, false) < 0
	    || guarded(look_for_zeros, map->source + at, map->source + at, len, &look) < 0)
		return -1;
	*zeros = look.zeros;
	return (ssize_t) look.run;
}

int
map_sync(const struct map_pair *map, bool wait)
{
	return map->dest == NULL ? 0
		: msync(map->dest, map->dest_len, wait ? MS_SYNC : MS_ASYNC);
}

int
map_close(struct map_pair *map)
{
	int ret = 0;

	if (map->source != NULL && map->given_back < map->source_len
	    && munmap(map->source + map->given_back, map->source_len - map->given_back) < 0)
		ret = -1;
	if (map->dest != NULL && munmap(map->dest, map->dest_len) < 0)
		ret = -1;
	*map = MAP_PAIR_NONE;
	return ret;
}
