/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_STATS_H
#define MMCP_REPORT_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/result.h"
#include "report/message.h"

/* What was done, for --stats, --json and the log: called by who does it, parent or
   walker.  */

struct stats_policy {
	bool stats;		/* print lines at the end */
	bool json;		/* print an object for each file, and one at the end */
	bool dry;		/* nothing is really done */
	bool log;		/* write a line for each file to the log */
};

/* Begin to measure the time.  POLICY stays valid until the end.  */
void
stats_start(const struct stats_policy *policy);

/* Return the count for a file of MODE that isn't regular.  */
enum count
stats_kind(mode_t mode);

/* Return whether --json or the log wants the names of files.  */
bool
stats_wants_names(void);

/* SOURCE, which has no content, was copied as DEST: count it as KIND, and print its
   object.  In a DRY run it would be.  */
void
stats_made(enum count kind, const char *source, const char *dest, bool dry);

/* In a dry run SOURCE's content, of SIZE bytes, would be copied as DEST: count it and
   print its object.  */
void
stats_planned(const char *source, const char *dest, uint64_t size);

/* SOURCE's content was copied as DEST: print its object.  It is counted elsewhere.  */
void
stats_copied(const char *source, const char *dest, const struct copied *copied);

/* SOURCE of MODE (0: unknown) was skipped because of WHY (COUNT_KEPT, say); what is at
   DEST, if that isn't NULL, stays: count it and print its object.  */
void
stats_skipped(enum count why, mode_t mode, const char *source, const char *dest);

/* SOURCE of MODE is compared with DEST, which is of another kind: print its object.  */
void
stats_differs(mode_t mode, const char *source, const char *dest);

/* DEST of MODE has no source: count it and print its object.  */
void
stats_only_in_dest(mode_t mode, const char *dest);

/* There are N walkers now.  */
void
stats_walkers(unsigned n);

/* Print the object of FAILURE, whose message is TEXT, about the subject (failures.h).  */
void
stats_failed(const struct failure *failure, const char *text);

/* Print the sums; FAILED sources failed, and the program will return what STATUS
   does.  */
void
stats_print(size_t failed, int (*status)(void));

#endif
