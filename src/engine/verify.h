/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_VERIFY_H
#define MMCP_ENGINE_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* Read a copy again and compare it with its source: by hashes of the source's blocks, if
   there are some, or else by its bytes.  */

struct blockhashes;

struct verify_job {
	int source;		/* open; read where the copy has another hash, or where
				   there are none.  -1: it can be read only once */
	int copy;		/* open for reading, by O_DIRECT or not */
	uint64_t size;		/* bytes to verify, from the start on */
	const struct blockhashes *hashes;	/* of the source; NULL: none */
	bool holes;		/* what is a hole of both need not be read */
	bool in_order;		/* the copy can't be read but from its start on; found
				   out by verify_compare */
	bool drop;		/* pages that are read into memory don't stay there */
	unsigned jobs;		/* worker processes; 1: none is forked */

	/* What was found, if the copy differs: */
	uint64_t first;		/* the offset of the first byte that does */
	uint64_t differing;	/* bytes that do; 0: the source is as the copy now, or
				   can't be read again, and FIRST is that of the block */
};

/* Compare.  Return 0 if the copy is right; 1 if it differs; or -1 with an error:
   ERROR_VERIFY_READ if the copy can't be read.  */
int
verify_compare(struct verify_job *verify, struct error *error);

#endif
