/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_STATS_H
#define MMCP_REPORT_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/result.h"

/* What was done, for --stats and --json.  In the parent only, which knows the names.  */

struct stats_policy {
	bool stats;		/* print lines at the end */
	bool json;		/* print an object for each file, and one at the end */
};

/* Begin to measure the time.  POLICY stays valid until the end.  */
void
stats_start(const struct stats_policy *policy);

/* Return the count for a file of MODE that isn't regular.  */
enum count
stats_kind(mode_t mode);

/* Return whether --json wants the names of files.  */
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

/* SOURCE failed (NULL: none in particular) with the message TEXT: print its object.  */
void
stats_failed(const char *source, const char *text);

/* Print the sums; FAILED sources failed.  */
void
stats_print(size_t failed);

#endif
