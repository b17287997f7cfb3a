/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_RESUMPTION_H
#define MMCP_FILE_RESUMPTION_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/journal.h"
#include "file/copystate.h"

/* --resume: a large copy is made in a file with a hidden name, beside a journal, and the
   next run goes on where one was interrupted.  Without the option, each of these does
   nothing.  What they keep is copy->resumption.  */

/* Smaller files are copied again.  */
#define RESUMPTION_LEAST ((off_t) 64 << 20)

/* Forget an attempt before, and if COPY is to have a journal, have WISH say so.  */
void
resumption_wish(struct copy *copy, struct dest_wish *wish);

/* The destination is open: count what is there already, and begin to keep the
   journal.  */
void
resumption_begin(struct copy *copy);

/* Copy the hashes of what was copied to HASHES, which have room for them.  */
void
resumption_give_hashes(const struct copy *copy, struct blockhashes *hashes);

/* All bytes are there, and right, if RET is 0: stop keeping the journal.  Return RET, or
   -1 with the error of the outcome.  */
int
resumption_stop(struct copy *copy, int ret);

/* The copy has its name: remove the journal.  */
void
resumption_done(struct copy *copy);

/* Close what is open.  A copy that has no name yet stays for the next run, with its
   journal, if any of it can be of use.  */
void
resumption_end(struct copy *copy);

/* PAIR's destination is whole: remove what an earlier run has left that was killed
   between the name and the journal's removal.  SOURCE is the source's status.  */
void
resumption_forget(const struct copy_policy *policy, const struct stat *source,
	const struct pathpair *pair);

/* ---- resumable.c ---- */

/* Set HEAD to what a journal of RESUMPTION's copy to DEST, made with MODE, begins with,
   but for the data's inode.  Return 0, or -1 with errno.  */
int
resumable_describe(const struct resumption *resumption, const struct dest *dest,
	mode_t mode, struct journal *head);

/* Find out whether the copy can go on from RESUMPTION's journal, which is open, and the
   file DATA, -1 if there is none.  HEAD is as above.  If so, set the marks, and return
   1.  Return 0 with the step in *WHY, which is ERROR_NO_STEP if there is nothing to be
   said; or -1 with errno if that can't be known now: then both stay.  If that isn't due
   to them, RESUMPTION's error is set.  */
int
resumable_check(struct resumption *resumption, int data, const struct journal *head,
	enum error_step *why);

#endif
