/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_COMPARE_H
#define MMCP_ENGINE_COMPARE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

/* Compare a source with its copy, and copy again what differs.  */

struct compare_share;

struct compare {
	int source;
	int reader;		/* the copy, open for reading */
	int writer;		/* the same, open for writing */
	bool sparse;		/* zeros that differ become holes */
	bool holes;		/* what both have as a hole need not be read */
	unsigned jobs;		/* worker processes; 1: none is forked */
	uint64_t chunk;		/* bytes */
	uint64_t size;		/* bytes to compare */
	unsigned round;		/* from 1 on */
	struct compare_share *share;
};

/* Which chunks a pass looks at, by what the passes before it found.  */
enum compare_which {
	COMPARE_DIFFERED,	/* those that differed in the round before */
	COMPARE_OTHERS		/* all but those; in the first round all */
};

/* Prepare to compare files of about SIZE bytes.  Return 0, or -1 with errno.  */
int
compare_open(struct compare *compare, uint64_t size);

/* Free what compare_open took.  */
void
compare_close(struct compare *compare);

/* Begin round ROUND over the first SIZE bytes.  */
void
compare_begin(struct compare *compare, unsigned round, uint64_t size);

/* Compare the chunks WHICH and copy again what differs.  Return 0; or -1 with an error,
   ERROR_REFUSED if the copy can't be read.  */
int
compare_pass(struct compare *compare, enum compare_which which, struct error *error);

/* Return the number of bytes that differed in this round.  */
uint64_t
compare_differing(const struct compare *compare);

/* Return the offset at which reading the source ended, or the size if that was
   reached.  */
uint64_t
compare_end(const struct compare *compare);

#endif
