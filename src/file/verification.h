/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_VERIFICATION_H
#define MMCP_FILE_VERIFICATION_H

/* --verify: a copy is read again and compared with its source, before it gets its name.
   Without the option, each of these does nothing.  What they keep is
   copy->verification.  */

struct copy;
struct error;
struct missing;

/* Refuse a destination that is known to be of a kind that can't be read back.  Return 0,
   or -1 with the error of the outcome, as do the next two.  */
int
verification_admit(struct copy *copy);

/* Prepare to verify, before anything is copied: the destination is open.  */
int
verification_begin(struct copy *copy);

/* Verify the copy, whose bytes are all there.  The outcome says how.  */
int
verification_run(struct copy *copy);

/* Verify what there is of a copy that failed, all but what is MISSING.  Return 0, or -1
   with an ERROR: then it isn't to be kept.  */
int
verification_run_partial(struct copy *copy, const struct missing *missing,
	struct error *error);

/* Free what verification_begin took.  */
void
verification_end(struct copy *copy);

#endif
