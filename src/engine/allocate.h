/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_ALLOCATE_H
#define MMCP_ENGINE_ALLOCATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "engine/ends.h"

/* Which blocks are to be had before bytes move.  */
struct allocate_wish {
	bool data;		/* those for data, */
	bool holes;		/* and those for holes, too */
	off_t least;		/* in a new file, not for data of fewer bytes; for none
				   where all data seems to be so short */
};

/* Make ready for SIZE bytes of SOURCE (open, of that size): the blocks of a WISH, where
   the file system can, before anything of an old file changes; the size set.  What an
   old file has under holes of the source is still to be cleared.  0, or -1 with an
   error.  */
int
allocate_prepare(struct dest_file *dest, int source, off_t size,
	const struct allocate_wish *wish,
	struct error *error);

/* Make old bytes in [FROM, END) of an existing file a hole.  Nothing to do for a new
   file.  0; or -1 with an error, ERROR_REFUSED where it can have no holes punched.  */
int
allocate_clear(struct dest_file *dest, off_t from, off_t end, struct error *error);

/* Make [FROM, END) zeros that have blocks, without writing them; in a new file, where
   nothing was written yet.  0; or -1 with an error, ERROR_REFUSED where they have to be
   written.  */
int
allocate_fill(struct dest_file *dest, off_t from, off_t end, struct error *error);

/* Whether an existing file can have holes punched; asked behind its end.  */
bool
allocate_can_clear(const struct dest_file *dest);

/* Make an existing file end at FROM (bytes): what it had from there on is gone, and
   what is left out there later is a hole.  0, or -1 with an error.  */
int
allocate_cut(struct dest_file *dest, off_t from, struct error *error);

/* Set the final size (bytes).  0, or -1 with an error.  */
int
allocate_resize(struct dest_file *dest, off_t size, struct error *error);

#endif
