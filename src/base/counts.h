/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_COUNTS_H
#define MMCP_BASE_COUNTS_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/way.h"

/* All that is counted: by an engine for one file, by a process for all of its files, and
   for the whole run (totals.h).  The code that does something counts it there.  */

enum { WORKERS_MAX = 1024 };	/* -j N is limited to this */

enum count {
	/* How far the run is.  */
	COUNT_FOUND,		/* files with content that were found */
	COUNT_OPENED,		/* of these, those whose size is known */
	COUNT_EXPECTED,		/* the bytes of those that are to move */
	COUNT_AMENDED,		/* bytes beyond what was expected, modulo 2^64 */
	COUNT_MOVED,		/* bytes in place so far, not of files that failed */
	COUNT_MISSED,		/* bytes that files which failed were to have */
	COUNT_FLUSHING,		/* bytes to be written back before the copy goes on */
	COUNT_FLUSHED,		/* of these, bytes that were */
	COUNT_READING_BACK,	/* bytes to be read again, to verify a copy */
	COUNT_READ_BACK,	/* of these, bytes that were */
	COUNT_PLANNED,		/* bytes that a dry run would move */
	COUNT_PASSED,		/* files with content that stay as they are */

	COUNT_WAITED,		/* nanoseconds that workers had no processor */

	/* What was made.  */
	COUNT_REGULAR,
	COUNT_DIRECTORIES,
	COUNT_SYMLINKS,
	COUNT_HARD_LINKS,
	COUNT_SPECIAL,
	COUNT_REPLACED,		/* of these, what existed; it may be only begun */

	/* What was not: why.  */
	COUNT_KEPT,		/* exists, and is kept by -n */
	COUNT_NOT_OLDER,	/* the destination, by -u */
	COUNT_UNCHANGED,	/* by --update=changed */
	COUNT_SAME_CONTENT,	/* by --update=checksum */
	COUNT_DECLINED,		/* the answer with -i was no */
	COUNT_EXCLUDED,
	COUNT_SAME_FILE,	/* source and destination are one file already */
	COUNT_REPEATED,		/* operands that were given before */

	/* The bytes of regular files, and how they came to be in the copy.  */
	COUNT_BYTES,		/* the sum of the sizes; it is the sum of these: */
	COUNT_CLONED,		/* shared with the source */
	COUNT_HOLES,		/* not allocated, and so not moved */
	COUNT_KERNEL,		/* copy_file_range */
	COUNT_MAPPED,		/* stored into a mapping */
	COUNT_READ_WRITE,	/* written from a buffer or from the source's mapping */
	COUNT_DIRECT,		/* past the page cache */
	COUNT_SAME,		/* were there already, and so not moved */
	COUNT_RESUMED,		/* were copied by an earlier run */

	/* Sources and destinations, by --update=checksum.  */
	COUNT_COMPARED,		/* bytes */
	COUNT_ONLY_IN_DEST,	/* names that the source hasn't */

	/* Sources that changed meanwhile.  */
	COUNT_FOLLOWED,		/* files */
	COUNT_ROUNDS,		/* comparisons of source and copy */

	/* Copies that were compared with their sources.  */
	COUNT_VERIFIED,		/* bytes */
	COUNT_VERIFYING,	/* nanoseconds that this took, of all files */

	/* Copies that were hashed for a manifest.  */
	COUNT_HASHED,		/* bytes, with their holes */
	COUNT_HASHING,		/* nanoseconds, likewise */

	/* Workers of one file.  */
	COUNT_WORKERS,		/* forked for it; 0: the parent copied it */
	COUNT_WORKERS_LOST,	/* that died and were replaced */
	COUNTS
};

/* What a count is about: which of the groups above.  */
enum count_group {
	COUNT_GROUP_PROGRESS, COUNT_GROUP_MADE, COUNT_GROUP_SKIPPED, COUNT_GROUP_SIZE,
	COUNT_GROUP_ENGINE, COUNT_GROUP_COMPARED, COUNT_GROUP_FOLLOWED,
	COUNT_GROUP_VERIFIED, COUNT_GROUP_HASHED, COUNT_GROUP_WORKERS
};

enum count_unit { COUNT_UNIT_FILES, COUNT_UNIT_BYTES, COUNT_UNIT_TIMES };

struct count_info {
	const char *key;	/* in JSON; NULL: not there */
	const char *label;	/* in --stats; NULL: not there by itself */
	enum count_unit unit;
	enum count_group group;
};

/* One row for each count.  */
extern const struct count_info count_info[COUNTS];

/* A set of counts.  One process adds to it; others may read it in shared memory.  */
struct counts {
	_Atomic uint64_t of[COUNTS];
};

/* How one file came to be copied, for --debug.  */
enum { SHARES_SHOWN = 16 };
struct shares {
	uint64_t moved[SHARES_SHOWN];	/* by each of the first workers, bytes */
	unsigned kinds[SHARES_SHOWN];	/* a bit for each count that it moved bytes by */
	struct way_times first;		/* of the only process, or of the first worker */
	struct way_times second;	/* of the second worker */
};

static inline uint64_t
counts_get(const struct counts *counts, enum count what)
{
	return atomic_load_explicit(&counts->of[what], memory_order_relaxed);
}

static inline void
counts_set(struct counts *counts, enum count what, uint64_t n)
{
	atomic_store_explicit(&counts->of[what], n, memory_order_relaxed);
}

/* Add N, which may be negative modulo 2^64.  */
static inline void
counts_add(struct counts *counts, enum count what, uint64_t n)
{
	counts_set(counts, what, counts_get(counts, what) + n);
}

/* Set all to 0.  */
void
counts_clear(struct counts *counts);

/* Add each count of FROM to TO.  */
void
counts_add_all(struct counts *to, const struct counts *from);

/* Return the bytes that were moved: those of all engines, without clones and holes.  */
uint64_t
counts_moved(const struct counts *counts);

/* Return the bytes that were copied: moved or cloned.  */
uint64_t
counts_copied(const struct counts *counts);

/* Return the bytes that are in the copies: moved, cloned or there before, without
   holes.  */
uint64_t
counts_there(const struct counts *counts);

/* Return the sum of all that belong to GROUP.  */
uint64_t
counts_sum(const struct counts *counts, enum count_group group);

/* Return the bit for an engine's count, from COUNT_CLONED on, in what counts_kinds
   returns.  */
static inline unsigned
counts_kind(enum count engine)
{
	return 1u << (engine - COUNT_CLONED);
}

/* Return the bits for each engine's count in COUNTS that isn't 0.  */
unsigned
counts_kinds(const struct counts *counts);

/* Reduce what moved to SIZE bytes, where more was copied from a source that has shrunk
   to this size.  */
void
counts_trim(struct counts *counts, uint64_t size);

#endif
