/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pagecache.c: pages, by cachestat where the kernel has it (6.5), else by mincore.  Both
   answer only a user who could write the file; for another, all seems to be there.  */
#include "config.h"

#include "engine/pagecache.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/syscalls.h"
#include "engine/extent.h"

/* mincore of FD's [FROM, FROM+LEN), FROM on a page: a byte for each page to VEC.  Return
   0, or -1.  */
static int
look_by_mapping(int fd, off_t from, off_t len, unsigned char *vec)
{
	void *const map = mmap(NULL, (size_t) len, PROT_READ, MAP_SHARED, fd, from);

	if (map == MAP_FAILED)
		return -1;
	const int ret = mincore(map, (size_t) len, vec);
	munmap(map, (size_t) len);
	return ret;
}

/* The same by samples: 1 MiB of every 64, or in 4096 places of what is larger than 256
   GiB.  */
static int64_t
sample(int fd, off_t from, off_t len)
{
	enum { STEP = 64 << 20, LOOK = 1 << 20, PLACES = 4096 };
	const off_t step = (len / PLACES / STEP + 1) * STEP;
	const off_t end = from + len;
	unsigned char vec[LOOK / 4096];
	const size_t page = memory_page_size();
	uint64_t there = 0, seen = 0;

	for (off_t at = from / STEP * STEP; at < end; at = extent_end(at, step, end)) {
		const off_t bytes = extent_end(at, LOOK, end) - at;
		const size_t pages = ((size_t) bytes + page - 1) / page;
		if (look_by_mapping(fd, at, bytes, vec) < 0)
			return -1;
		for (size_t i = 0; i < pages; i++)
			there += vec[i] & 1;
		seen += pages;
	}
	return seen == 0 ? 0 : (int64_t) ((double) there / (double) seen * (double) len);
}

int64_t
pagecache_bytes(int fd, off_t from, off_t len)
{
	struct sys_pages pages = { .cached = 0 };
	const bool unknown = sys_cached_pages(fd, from, len, &pages) < 0;

	if (unknown || pages.cached == 0) {
		const int64_t sampled = sample(fd, from, len);
		return sampled >= 0 || unknown ? sampled : 0;
	}
	const uint64_t bytes = pages.cached * memory_page_size();
	return (int64_t) (bytes < (uint64_t) len ? bytes : (uint64_t) len);
}

void
pagecache_read_ahead(int fd, off_t from, off_t end)
{
	/* The kernel reads no more at a call than the device takes as one request.  */
	enum { STEP = 128 << 10 };
	struct extent data = { from, from };

	while (extent_next(fd, data.end, end, &data) > 0)
		for (off_t at = data.start, next; at < data.end; at = next) {
			next = extent_end(at, STEP, data.end);
			posix_fadvise(fd, at, next - at, POSIX_FADV_WILLNEED);
		}
}

void
pagecache_look(struct pagecache_pages *pages, int fd, off_t from, off_t end)
{
	const off_t page = (off_t) memory_page_size();
	const off_t start = from / page * page;
	const size_t count = (size_t) ((end - start + page - 1) / page);
	struct sys_pages there = { .cached = 0 };
	const bool known = sys_cached_pages(fd, start, end - start, &there) == 0;

	*pages = (struct pagecache_pages) {
		.from = start, .end = end, .all = known && there.cached >= count,
	};
	if (pages->all || (count <= sizeof pages->page
			   && look_by_mapping(fd, start, end - start, pages->page) == 0))
		return;
	pages->none = known && there.cached == 0;
	pages->all = !pages->none;
}

void
pagecache_drop(const struct pagecache_pages *pages, int fd)
{
	const off_t page = (off_t) memory_page_size();
	const size_t count = (size_t) ((pages->end - pages->from + page - 1) / page);

	if (pages->none)	/* to a whole page, or the last one would stay */
		posix_fadvise(fd, pages->from, (off_t) count * page, POSIX_FADV_DONTNEED);
	if (pages->none || pages->all)
		return;
	for (size_t i = 0, run; i < count; i += run + 1) {
		for (run = 0; i + run < count && (pages->page[i + run] & 1) == 0; run++)
			;
		if (run > 0)
			posix_fadvise(fd, pages->from + (off_t) i * page,
				      (off_t) run * page,
				      POSIX_FADV_DONTNEED);
	}
}
