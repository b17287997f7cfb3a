/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_STATS_H
#define MMCP_REPORT_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/result.h"

/* What was done, for --stats and --json: in the parent only, which knows the names.  */

struct stats_policy {
	bool stats;		/* at the end, in words */
	bool json;		/* an object for each file, and one at the end */
};

/* Begin.  */
void
stats_start(const struct stats_policy *policy);

/* Return the count for a file of MODE that isn't regular.  */
enum count
stats_kind(mode_t mode);

/* Whether the names of files are told.  */
bool
stats_wants_names(void);

/* SOURCE was copied as DEST, by one call: count it as KIND; or it would be, in a DRY run.  */
void
stats_made(enum count kind, const char *source, const char *dest, bool dry);

/* SOURCE's content, of SIZE bytes, would be copied as DEST.  */
void
stats_planned(const char *source, const char *dest, uint64_t size);

/* SOURCE's content was copied as DEST.  */
void
stats_copied(const char *source, const char *dest, const struct copied *copied);

/* SOURCE, if that isn't NULL, failed, which was said in TEXT.  */
void
stats_failed(const char *source, const char *text);

/* The sum of it all; FAILED sources failed.  */
void
stats_tell(size_t failed);

#endif
