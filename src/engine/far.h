/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_FAR_H
#define MMCP_ENGINE_FAR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/counts.h"
#include "base/error.h"
#include "engine/blockhash.h"

/* A large file, and workers elsewhere: another rank may copy a range of it, by opening
   both files itself.  A worker of the file here claims the range, as it claims chunks for
   itself, and waits.  */

/* The least bytes of a range: so many that messages, and opening two files, don't matter;
   and how many ranges a large file has, so that all end together.  */
#define FAR_RANGE ((off_t) 16 << 20)
enum { FAR_RANGES = 64 };

/* The most blocks of a range that is hashed.  */
enum { FAR_BLOCKS = 64 };

/* A range of two open files: regular ones, with names.  */
struct far_range {
	int source, dest;	/* descriptors */
	off_t from, to;
	bool sync;		/* it is to be on the device */
	bool maps;		/* both may be mapped */
	struct blockhash *hashes;	/* to be set: those of its blocks, which are
					   whole; or NULL */
	enum count engine;	/* what counts the bytes (COUNT_...) */
	off_t reached;		/* less than TO if the source ended there: the hashes
				   reach as far */
};

/* What there is elsewhere.  */
struct far_calls {
	unsigned workers;	/* so many ranges of a file may be copied at once */

	/* Return whether somebody is idle there.  Called again and again.  */
	bool (*is_wanted)(void);

	/* Have RANGE copied.  Return 0; or -1 with an error, ERROR_REFUSED if nobody
	   does, in time.  */
	int (*copy)(struct far_range *range, struct error *error);
};

/* From now on, large files are copied by CALLS, too.  */
void
far_begin(const struct far_calls *calls);

/* Return the calls' workers; 0 without any.  */
unsigned
far_workers(void);

/* Return whether a file of SIZE bytes may be copied by them, too.  */
bool
far_may_help(off_t size);

bool
far_is_wanted(void);

int
far_copy(struct far_range *range, struct error *error);

/* What is done elsewhere: copy RANGE.  Return 0, or -1 with an error.  */
int
far_serve(struct far_range *range, struct error *error);

#endif
