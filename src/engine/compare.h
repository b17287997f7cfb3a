/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_COMPARE_H
#define MMCP_ENGINE_COMPARE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "engine/comparestate.h"

/* Compare a source with its copy, and copy again what differs.  */

struct plan_policy;

/* Which chunks a pass looks at, by what the passes before it found.  */
enum compare_which {
	COMPARE_DIFFERED,	/* those that differed in the round before */
	COMPARE_OTHERS		/* all but those; in the first round all */
};

/* Return the number of workers to compare files of SIZE bytes.  */
unsigned
compare_jobs(const struct plan_policy *policy, off_t size);

/* Prepare to compare files of about SIZE bytes; COMPARE says how.  Where it has one job,
   no other comparison may be open.  Return 0, or -1 with errno.  */
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

/* Return the number of bytes that were compared in all passes.  */
uint64_t
compare_compared(const struct compare *compare);

/* Return whether anything was written in this round, or may have been.  */
bool
compare_wrote(const struct compare *compare);

/* Of a comparison that looks only: return the offset of the first difference; the size if
   there is none.  */
uint64_t
compare_first(const struct compare *compare);

/* After a pass over all chunks that failed: return how many bytes at the start are known
   to be the same, or have been made so.  */
uint64_t
compare_whole(const struct compare *compare);

/* Return the offset at which reading the source ended, or the size if that was
   reached.  */
uint64_t
compare_end(const struct compare *compare);

#endif
