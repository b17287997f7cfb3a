/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_REPORT_H
#define MMCP_REPORT_REPORT_H

#include "file/copy.h"

/* Words about files, in the parent only: on stdout what was asked to be told, on stderr
   what went wrong.  */

/* "'SOURCE' -> 'DEST'"; and, if BACKUP isn't NULL, that what DEST was is called so now,
   in the same directory.  */
void
report_copy(const char *source, const char *dest, const char *backup);

/* What DEST was, and was called BACKUP (in the same directory) for a moment, has its
   name again; if VERBOSE.  Or, with an ERR, that it hasn't.  */
void
report_unbackup(const char *dest, const char *backup, int err, bool verbose);

/* "skipped 'NAME'".  */
void
report_skipped(const char *name);

/* "removed 'NAME'".  */
void
report_removed(const char *name);

/* Messages have what cp's haven't, at their ends; they do so in any case on a terminal.  */
void
report_details(void);

/* The one line about FAULT of the copy of PAIR with POLICY; CUT as in copy_outcome.  */
void
report_error(const struct copy_policy *policy, const struct pathpair *pair,
	const struct error *error, off_t cut);

/* What could not be kept.  */
void
report_remarks(const struct pathpair *pair, const struct remarks *remarks);

/* That the copy's size is BYTES, in whole huge pages.  */
void
report_rounded(const struct pathpair *pair, off_t bytes);

/* --debug's lines on a copy that returned RET: cp's, and if it succeeded the way it
   went, who moved how much, and why not a faster way.  */
void
report_way(const struct copy_policy *policy, int ret, const struct copy_outcome *outcome);

#endif
