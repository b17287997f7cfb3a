/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_SEQUENTIAL_H
#define MMCP_ENGINE_SEQUENTIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "engine/blockhash.h"
#include "engine/dropbehind.h"
#include "engine/engine.h"
#include "engine/mapping.h"
#include "engine/plan.h"
#include "engine/trial.h"

/* One process that copies in file order: what the engines kernel, stream and hugetlb
   have in common.  The size that stat promises is a hint only: /proc says 0, sysfs says
   4096, files shrink.  The end of a file is where read says.  */

struct sequential;

/* Move the data in [AT, END), by an engine's own means.  Return the offset reached, which
   is less than END if the source ended (then ended is set); or -1 with an error.  */
typedef off_t sequential_move(struct sequential *s, off_t at, off_t end);

struct sequential {
	const struct transfer *transfer;
	const struct source *source;
	struct dest_file *dest;
	struct error *error;
	const struct sparse_plan *sparse;
	sequential_move *move;	/* data */
	sequential_move *fill;	/* a hole that can't be filled otherwise; never mapped */
	bool to_end;		/* read on to the end, which may be behind the size */

	struct dropbehind drop;
	struct blockhash_writer hash;	/* of what sequential_read_write reads */
	struct mapping_pair map;	/* of the source alone, if there is one */
	struct trial trial;		/* of the ways to write, if there is one */
	off_t piece;		/* end of the piece that is being copied */
	off_t ahead_of;		/* end of what is being read ahead */
	off_t written;		/* end of what was written */
	bool asked, ahead;	/* fs_allocates_ahead was asked; its answer */
	bool ended;		/* the source ended before its size */
	bool reads, writes;	/* it is done at the current position, without offsets */
	off_t end;		/* of what was written last: the file's position */
};

/* Begin to copy TRANSFER by MOVE, from dest->whole on.  Errors go to ERROR.  */
struct sequential
sequential_begin(const struct transfer *transfer, sequential_move *move,
	struct error *error);

/* Have S hash what it reads through a buffer, if that is wanted, from where hashes are
   lacking.  What was copied and not hashed can't be hashed any more.  Return 0, or -1
   with an error.  */
int
sequential_begin_hashing(struct sequential *s);

/* Return the first offset from AT on, which has been reached, that isn't in the copy by
   an earlier run.  */
off_t
sequential_pass_resumed(struct sequential *s, off_t at);

/* Stop hashing; DONE: S has copied all, and the hashes are complete if there was room for
   all.  */
void
sequential_end_hashing(struct sequential *s, bool done);

/* Return whether the source is a regular file with a size.  */
bool
sequential_is_sized(const struct sequential *s);

/* Read at most LEN bytes into BUF, from AT on where the source has offsets.  Return the
   bytes read, 0 at the end of file, or -1 with an error.  */
ssize_t
sequential_read(struct sequential *s, void *buf, size_t len, off_t at);

/* The BYTES before AT are in place, moved by ENGINE: count them.  */
void
sequential_arrived(struct sequential *s, off_t at, off_t bytes, enum count engine);

/* Read and write from AT until END, or until end of file if END is -1; with zeros as
   holes, if that is planned.  A sequential_move.  */
off_t
sequential_read_write(struct sequential *s, off_t at, off_t end);

/* Read and write what remains after the end that stat promised, AT: nothing, unless that
   size can't be believed.  A file that grew meanwhile is not read on, or it might never
   end.  Return the offset reached, or -1 with an error.  */
off_t
sequential_read_past(struct sequential *s, off_t at);

/* Leave a hole in [FROM, END) of the copy.  Return 0, or -1 with an error.  */
int
sequential_leave_hole(struct sequential *s, off_t from, off_t end);

/* Call this before data at AT is copied: where that is planned, it reads ahead from
   there, and drops the piece before from memory.  */
void
sequential_begin_piece(struct sequential *s, off_t at);

/* Copy [AT, END) by copy_file_range: a sequential_move.  An error of ERROR_REFUSED means
   that it won't go on from there.  */
off_t
sequential_copy_range(struct sequential *s, off_t at, off_t end);

/* Release what sequential_begin took, and set the final size where the last write didn't;
   SIZE is what the source turned out to have, or -1 where that failed.  Return 0, or -1
   with an error.  */
int
sequential_finish(struct sequential *s, off_t size);

#endif
