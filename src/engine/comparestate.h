/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_COMPARESTATE_H
#define MMCP_ENGINE_COMPARESTATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/counts.h"
#include "base/error.h"

/* A comparison as plain data: what it is to do, and what its workers share.  */

/* Memory is bounded: a byte for each chunk, of which there are no more than these.  */
enum { COMPARE_CHUNKS = 65536 };

/* Bytes that are read at a time, and the least chunk.  */
enum { COMPARE_STEP = 256 * 1024 };

struct compare_share {
	_Atomic uint64_t cursor;	/* the next chunk */
	_Atomic uint64_t at[WORKERS_MAX];	/* where each worker is, or NOWHERE */
	_Atomic uint64_t compared;	/* bytes, of all passes */
	_Atomic uint64_t differing;	/* bytes */
	_Atomic uint64_t first;		/* offset of the first difference */
	_Atomic uint64_t end;		/* offset where the source ended */
	_Atomic bool wrote;
	_Atomic bool ends;		/* one failed: take no more chunks */
	atomic_flag has_error;
	struct error error;
	unsigned char differed[COMPARE_CHUNKS];	/* the last round in which a chunk did;
						   or 0 */
};

struct compare {
	int source;
	int reader;		/* the copy, open for reading */
	int writer;		/* the same, open for writing; -1: look only, until
				   something differs */
	bool sparse;		/* zeros that differ become holes */
	bool holes;		/* what both have as a hole need not be read */
	bool mends;		/* what can't be read of the copy differs */
	bool counted;		/* the totals get what is compared and written */
	bool drop;		/* look only: leave the page cache as it was */
	unsigned jobs;		/* worker processes; 1: none is forked */
	uint64_t start;		/* bytes before this, if a chunk, are left out */
	uint64_t chunk;		/* bytes */
	uint64_t size;		/* bytes to compare */
	unsigned round;		/* from 1 on */
	struct compare_share *share;
};

#endif
