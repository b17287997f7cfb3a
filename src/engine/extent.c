/* SPDX-License-Identifier: GPL-3.0-or-later */
/* extent.c: find the data of a file, by SEEK_DATA and SEEK_HOLE only.  FIEMAP shows what
   is on the disk, not what is in the file, and programs that relied on it copied
   zeros.  */
#include "config.h"

#include "engine/extent.h"

#include <errno.h>

#include "base/syscalls.h"

bool
extent_lacks_blocks(const struct stat *st)
{
	return st->st_blocks < st->st_size / 512;
}

int
extent_next(int fd, off_t from, off_t limit, struct extent *extent)
{
	if (from >= limit)
		return 0;
	const off_t start = sys_next_data(fd, from);
	if (start < 0 && errno == ENXIO)
		return 0;
	if (start < 0 && (errno == EIO || errno == EBADF))
		return -1;
	if (start < 0) {
		*extent = (struct extent) { .start = from, .end = limit };
		return 1;
	}
	if (start >= limit)
		return 0;
	/* The file may have been cut or punched since: then the rest counts as data,
	   and reading shows what it is.  */
	const off_t end = sys_next_hole(fd, start);
	if (end < 0 && errno == EIO)
		return -1;
	*extent = (struct extent) {
		.start = start,
		.end = end <= start || end > limit ? limit : end,
	};
	return 1;
}

/* Return where FD has data, as extent_next_of_two.  */
static off_t
next_start(int fd, off_t from, off_t limit)
{
	struct extent data;
	const int found = extent_next(fd, from, limit, &data);

	return found < 0 ? from : found == 0 ? limit : data.start;
}

off_t
extent_next_of_two(int fd, int other, off_t from, off_t limit)
{
	return next_start(other, from, next_start(fd, from, limit));
}

bool
extent_is_one(int fd, off_t size)
{
	struct extent data;

	return extent_next(fd, 0, size, &data) > 0 && data.start == 0 && data.end == size;
}

int
extent_all(int fd, off_t from, off_t limit, struct extent *extent)
{
	(void) fd;
	*extent = (struct extent) { .start = from, .end = limit };
	return from < limit;
}
