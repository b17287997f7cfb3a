/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_EXTENT_H
#define MMCP_ENGINE_EXTENT_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

/* A range of a file that holds data: [start, end), bytes.  */
struct extent {
	off_t start;
	off_t end;
};

/* Return AT + LEN, or LIMIT if that is less: the sum may overflow, since files have up to
   2^63 - 1 bytes.  */
static inline off_t
extent_end(off_t at, off_t len, off_t limit)
{
	return limit - at < len ? limit : at + len;
}

/* Holes aren't looked for in a file of fewer bytes that has all its blocks.  */
#define EXTENT_LOOK_FROM ((off_t) 65536)

/* Return whether a file with ST has fewer blocks than its size needs, and so holes.  One
   with enough blocks may have holes, too, if some lie past its end.  */
bool
extent_lacks_blocks(const struct stat *st);

/* Find the first data in [FROM, LIMIT) of FD; what lies before its start is a hole.
   Where the file system can't tell, all of it is data.  1 with *EXTENT; 0 if the rest
   is a hole; -1 with errno.  Bounded by LIMIT, whatever happens to the file.  */
int
extent_next(int fd, off_t from, off_t limit, struct extent *extent);

/* Return where FD or OTHER has data, from FROM on and before LIMIT: LIMIT if neither has
   any, FROM if one of them can't tell.  */
off_t
extent_next_of_two(int fd, int other, off_t from, off_t limit);

/* The same where holes are to be taken for the zeros that they are read as: all is
   data.  */
int
extent_all(int fd, off_t from, off_t limit, struct extent *extent);

/* Return whether FD, of SIZE bytes, is one piece of data, or its file system can't
   tell.  */
bool
extent_is_one(int fd, off_t size);

#endif
