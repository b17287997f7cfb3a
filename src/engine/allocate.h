/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_ALLOCATE_H
#define MMCP_ENGINE_ALLOCATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "engine/ends.h"

/* Which blocks to reserve before bytes move.  */
struct allocate_wish {
	bool data;		/* those for data, */
	bool holes;		/* and those for holes, too */
	off_t least;		/* in a new file, not for data of fewer bytes; for none
				   where all data seems to be so short */
	bool hurried;		/* refuse what takes long */
};

/* Get DEST ready for SIZE bytes of SOURCE (open, of that size): reserve the blocks of
   WISH, where the file system can, before an old file changes; then set the size.  What
   an old file has under holes of the source has still to be cleared.  Return 0; or -1
   with an error, ERROR_REFUSED with ETIME if it was to be hurried and takes long.  */
int
allocate_prepare(struct dest_file *dest, int source, off_t size,
	const struct allocate_wish *wish,
	struct error *error);

/* Punch a hole into [FROM, END) of an existing file; a new one has nothing there.  Return
   0; or -1 with an error, ERROR_REFUSED where no holes can be punched.  */
int
allocate_clear(struct dest_file *dest, off_t from, off_t end, struct error *error);

/* Make [FROM, END) zeros that have blocks, without writing them; in a new file, where
   nothing was written yet.  Return 0; or -1 with an error, ERROR_REFUSED where they have
   to be written.  */
int
allocate_fill(struct dest_file *dest, off_t from, off_t end, struct error *error);

/* Return whether holes can be punched in an existing file, by punching one after its
   end.  */
bool
allocate_can_clear(const struct dest_file *dest);

/* Cut an existing file to FROM bytes, so that what is not written behind them becomes a
   hole.  Return 0, or -1 with an error.  */
int
allocate_cut(struct dest_file *dest, off_t from, struct error *error);

/* Set the final size (bytes), in whole pages on hugetlbfs.  Return 0, or -1 with an
   error.  */
int
allocate_resize(struct dest_file *dest, off_t size, struct error *error);

#endif
