/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hugetlb.c: into hugetlbfs, which has no write.  read(2) puts the bytes into a mapped
   page, and the kernel, unlike memcpy, has an errno for a page that is unavailable.  */
#include "config.h"

#include "engine/hugetlb.h"

#include <errno.h>
#include <sys/mman.h>

#include "engine/allocate.h"
#include "engine/engine.h"
#include "engine/facts.h"
#include "engine/sequential.h"

enum reason
hugetlb_why_not(const struct facts *facts)
{
	return facts->only_mapped ? REASON_NONE : REASON_NOT_HUGETLB;
}

/* Give the file room for the page at AT, and map it in place of MAP (NULL: none).  The
   mapping, or NULL with an error.  */
static char *
next_page(struct sequential *s, char *map, off_t at)
{
	const off_t page = (off_t) s->dest->huge_page;

	if (map != NULL)
		munmap(map, (size_t) page);
	if (allocate_resize(s->dest, at + page, s->error) < 0)
		return NULL;
	map = mmap(NULL, (size_t) page, PROT_READ | PROT_WRITE, MAP_SHARED, s->dest->fd,
		   at);
	if (map != MAP_FAILED)
		return map;
	error_set_at(s->error, ERROR_WRITE, errno, at);
	return NULL;
}

off_t
hugetlb_read(struct sequential *s)
{
	const off_t page = (off_t) s->dest->huge_page;
	char *map = NULL;
	off_t at = 0;
	ssize_t n = 0;

	blockhash_begin(&s->hash, 0);
	if (s->dest->form == DEST_IN_PLACE && allocate_resize(s->dest, 0, s->error) < 0)
		return -1;
	do {
		if (at % page == 0 && (map = next_page(s, map, at)) == NULL)
			return -1;
		n = sequential_read(s, map + at % page, (size_t) (page - at % page), at);
		if (n > 0) {
			blockhash_add(&s->hash, (uint64_t) at, map + at % page,
				      (size_t) n);
			at += n;
			s->written = at;
			sequential_arrived(s, at, n, COUNT_READ_WRITE);
		}
	} while (n > 0);
	munmap(map, (size_t) page);
	if (n == 0 && at % page == 0 && allocate_resize(s->dest, at, s->error) < 0)
		return -1;	/* the last page was one too many */
	return n < 0 ? -1 : at;
}

int
hugetlb_copy(struct transfer *transfer, struct error *error)
{
	struct sequential s = sequential_begin(transfer, sequential_read_write, error);

	if (sequential_begin_hashing(&s) < 0) {
		sequential_finish(&s, -1);
		return -1;
	}
	const int ret = sequential_finish(&s, hugetlb_read(&s));
	sequential_end_hashing(&s, ret == 0);
	return ret;
}
