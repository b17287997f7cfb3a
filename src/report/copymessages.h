/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_COPYMESSAGES_H
#define MMCP_REPORT_COPYMESSAGES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/missing.h"
#include "base/pathpair.h"

/* Messages about the copy of one file, from the parent only.  Names are given as they are
   and quoted here.  */

/* ---- what was done, on standard output ---- */

/* Print "'SOURCE' -> 'DEST'"; and, if BACKUP isn't NULL, what the old DEST is called now,
   in the same directory.  */
void
report_copy(const char *source, const char *dest, const char *backup);

/* Print that --parents made DEST for SOURCE, without quotes where cp has none.  */
void
report_parent(const char *source, const char *dest);

/* The old DEST, which was renamed to BACKUP in the same directory, has its name again:
   print that if VERBOSE.  With an ERR it has not: an error, exit status 1.  */
void
report_unbackup(const char *dest, const char *backup, int err, bool verbose);

/* Print "'SOURCE' -> 'DEST' (of another kind)": a directory, say, and no directory.  */
void
report_other_kind(const char *source, const char *dest);

/* Print that NAME is in the destination, but not in the source.  */
void
report_only_in_dest(const char *name);

/* Print "skipped 'NAME'".  */
void
report_skipped(const char *name);

/* Print "removed 'NAME'".  */
void
report_removed(const char *name);

/* ---- what went wrong, on standard error ---- */

/* Warn that the size of PAIR's copy is BYTES, whole huge pages.  The exit status
   stays.  */
void
report_rounded(const struct pathpair *pair, off_t bytes);

/* Warn that BYTES are to be copied to DEST, which has room for ROOM.  The exit status
   stays.  */
void
report_little_room(const char *dest, uint64_t bytes, uint64_t room);

/* From now on errors say at their ends what cp's don't: what is left of an old file.
   On a terminal they do so in any case.  */
void
report_details(void);

/* Print ERROR of the copy of PAIR, with the bytes that are left of an old file, or
   CUT_NONE, CUT_MIXED, CUT_GONE (base/result.h).  The exit status becomes 1; nothing
   happens if the step isn't for users (ABOUT_NOTHING).  */
void
report_error(const struct pathpair *pair, const struct error *error, off_t cut);

/* ERROR kept the copy of PAIR from being whole, but what there is was kept: print both,
   with what is MISSING.  The exit status becomes 1.  */
void
report_partial(const struct pathpair *pair, const struct error *error,
	const struct missing *missing);

/* A file system doesn't answer, so that NAME and MORE other files may be half written; if
   NAME is NULL, none is known.  On a terminal it begins with a newline, since something
   may be on the line.  The exit status stays.  */
void
report_no_answer(const char *name, unsigned more);

/* Print what the copy of PAIR could not keep.  The exit status becomes 1 only if REMARKS
   say that the copy failed.  */
void
report_remarks(const struct pathpair *pair, const struct remarks *remarks);

#endif
