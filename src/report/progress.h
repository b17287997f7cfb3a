/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_PROGRESS_H
#define MMCP_REPORT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Progress on standard error: a bar that is drawn anew, or lines, at intervals or on
   SIGUSR1.  In the parent only; it reads the counts of all processes (base/totals.h).  */

enum progress_when {
	PROGRESS_AUTO,		/* on a terminal, in the foreground, after a second */
	PROGRESS_ALWAYS,	/* without a terminal, a line every three seconds */
	PROGRESS_NEVER
};

/* Begin to show progress.  */
void
progress_start(enum progress_when when);

/* Return whether progress will be shown without being asked for: then it is worth finding
   out the total.  */
bool
progress_is_shown(void);

/* Set the totals, which are known beforehand: BYTES to copy, in FILES.  */
void
progress_expect(uint64_t bytes, uint64_t files);

/* Every file has been found (COUNT_FOUND).  */
void
progress_found_all(void);

/* Return whether a bar was ever drawn.  */
bool
progress_was_drawn(void);

/* The parent itself copies NAME, of SIZE bytes; NULL: no longer.  NAME stays valid until
   the next call.  */
void
progress_here(const char *name, uint64_t size);

/* Call CURRENT with CONTEXT for the name of the current file, unless progress_here has
   named one.  progress.c frees the name.  */
void
progress_naming(char *(*current)(void *context), void *context);

/* Clear the bar, before something else is printed.  */
void
progress_clear(void);

/* Clear the bar, print the last line, and show no more.  */
void
progress_stop(void);

#endif
