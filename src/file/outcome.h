/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_OUTCOME_H
#define MMCP_FILE_OUTCOME_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/missing.h"
#include "base/result.h"
#include "engine/ends.h"
#include "engine/plan.h"
#include "file/policy.h"

/* What became of a copy, for the caller to report: workers copy files, too, and they
   can't.  */
struct copy_outcome {
	struct error error;		/* of a copy that failed */
	uint64_t missed;		/* bytes that it was to have, and has not */
	off_t cut;			/* bytes left of an old file, or CUT_NONE ... */
	off_t rounded;			/* size in bytes, if it was rounded up to whole
					   huge pages; else -1 */
	bool held;			/* the copy waits in the order's hold */
	bool removed;			/* the old file was removed */
	char backup[NAME_MAX + 1];	/* its new name; "" if it wasn't renamed */
	bool undone;			/* the backup has its old name again, since the
					   copy failed */
	int undo_err;			/* or errno: why it hasn't */
	const struct missing *missing;	/* it failed, and was kept without these bytes;
					   valid until the next copy; or NULL */
	struct copied copied;
	struct shares shares;		/* as many as counts has workers */
	bool sparse;			/* the source has too few blocks for its bytes */
	struct remarks remarks;		/* what the copy could not keep */
	enum verified verified;
	bool hashed;			/* by hashes that were taken meanwhile */
	struct plan plan;
};

/* Set OUTCOME to that of a copy that went well, and has done nothing yet.  */
void
outcome_clear(struct copy_outcome *outcome);

/* Forget what a copy that failed has done: it begins again.  The totals (totals.h) lose
   the bytes that moved.  */
void
outcome_restart(struct copy_outcome *outcome);

/* Return the bytes of a file ST that will move or be cloned, as far as that is known
   before it is copied.  */
uint64_t
outcome_expect(const struct copy_policy *policy, const struct stat *st);

/* The copy of SOURCE, of which EXPECTED bytes are in the totals, returned RET: complete
   OUTCOME's counts, and add them to the totals unless it is held.  Of a copy that failed
   the totals lose the bytes that moved, and have EXPECTED as missed.  */
void
outcome_count(const struct copy_policy *policy, struct copy_outcome *outcome, int ret,
	const struct source *source, uint64_t expected);

/* The copy that failed with OUTCOME will be tried again: take from the totals what it
   failed to copy.  */
void
outcome_count_back(const struct copy_outcome *outcome);

/* A copy that was held, with OUTCOME's counts, got its name or, RET is -1, didn't: add
   them to the totals.  */
void
outcome_count_held(const struct copy_outcome *outcome, int ret);

/* Note the name of the engine that was taken, for the report.  */
void
outcome_note_engine(struct copy_outcome *outcome);

/* Set EXPLANATION to how the copy came about that returned RET and OUTCOME.  Return false
   if there is nothing to explain: it had no content to copy, or didn't begin.  */
bool
outcome_explain(const struct copy_policy *policy, int ret,
	const struct copy_outcome *outcome, struct explanation *explanation);

#endif
