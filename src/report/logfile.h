/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_LOGFILE_H
#define MMCP_REPORT_LOGFILE_H

#include <stddef.h>

#include "report/event.h"

/* The log (--log-file): a line for each thing that is done or fails.  It begins with the
   time, and is written by one call in the process where it happened; so it is there after
   a crash.  It is never translated.  Without a log, all of this does nothing.  An error
   of writing is reported once, and ends the log.  */

/* Append to the log NAME ("-": standard output), and begin it, also with what failed
   before.  Return 0, or -1 with errno.  */
int
logfile_open(const char *name);

/* In another rank than the first: what is written goes there, through the relay.  */
void
logfile_open_far(void);

/* The log's first line will say that COUNT sources, the FIRST of them named, are copied
   to TARGET.  Both strings have to stay until then.  */
void
logfile_about(const char *first, size_t count, const char *target);

/* Write what became of one name.  */
void
logfile_file(const struct event *event);

/* Write that something failed: TEXT; once the log is open, if it isn't yet.  */
void
logfile_error(const char *text);

/* Write the last line, and close.  */
void
logfile_end(const struct run_summary *summary);

#endif
