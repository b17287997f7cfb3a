/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_PROGRESS_H
#define MMCP_REPORT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* How far the work is, on stderr: a line that is drawn anew, or lines, now and then or
   when somebody asks (SIGUSR1).  In the parent only; it reads what all have counted
   (counts.h).  */

enum progress_when {
	PROGRESS_AUTO,		/* on a terminal, in the foreground, after a second */
	PROGRESS_ALWAYS,	/* and where it is no terminal, a line every few seconds */
	PROGRESS_NEVER
};

void
progress_start(enum progress_when when);

/* Whether anything is going to be shown without being asked for: then it is worth to find
   out how much there is to do.  */
bool
progress_is_shown(void);

/* All files are known, and those that are not met yet have BYTES, in FILES.  */
void
progress_expect(uint64_t bytes, uint64_t files);

/* Every file that there is has been found (COUNT_FOUND).  */
void
progress_found_all(void);

/* Whether a bar was drawn, if only for a moment.  */
bool
progress_was_drawn(void);

/* NAME, which lives until the next call, of SIZE bytes, is copied by nobody but us; NULL:
   no longer.  */
void
progress_here(const char *name, uint64_t size);

/* Have the name of what is being copied now, which is to be freed, from CURRENT, if
   nobody has told.  */
void
progress_naming(char *(*current)(void *context), void *context);

/* Take away what is drawn, before something else is printed.  */
void
progress_clear(void);

/* No more of it.  */
void
progress_stop(void);

#endif
