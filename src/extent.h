/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_EXTENT_H
#define MMCP_EXTENT_H

#include <sys/types.h>

/* A range of a file that holds data: [start, end), bytes.  */
struct extent {
	off_t start;
	off_t end;
};

/* Find the first data in [FROM, LIMIT) of FD; what lies before its start is a hole.
   Where the file system can't tell, all of it is data.  1 with *EXTENT; 0 if the rest
   is a hole; -1 with errno.  Bounded by LIMIT, whatever happens to the file.  */
int
extent_next(int fd, off_t from, off_t limit, struct extent *extent);

/* The same where holes are to be taken for the zeros that they are read as: all is
   data.  */
int
extent_all(int fd, off_t from, off_t limit, struct extent *extent);

#endif
