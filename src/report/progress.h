/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_PROGRESS_H
#define MMCP_REPORT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/forecast.h"

/* Progress on standard error: a bar that is drawn anew, or lines, at intervals or on
   SIGUSR1.  In the parent only.  */

enum progress_when {
	PROGRESS_AUTO,		/* on a terminal, in the foreground, after a second */
	PROGRESS_ALWAYS,	/* without a terminal, a line every three seconds */
	PROGRESS_PLAIN,		/* as always, but ASCII without colour, and no taskbar */
	PROGRESS_NEVER
};

/* Begin to show progress.  */
void
progress_start(enum progress_when when);

/* Call BEGIN with CONTEXT, which begins to find out how much there is to copy, when
   progress is shown for the first time.  */
void
progress_forecaster(const struct forecast *(*begin)(void *context), void *context);

/* Return whether progress is shown without being asked for.  */
bool
progress_is_shown(void);

/* Call CHECK with the bytes that are to be copied, when they are known and progress is
   shown.  */
void
progress_checker(void (*check)(uint64_t bytes));

/* Call WATCH at intervals while progress is shown.  */
void
progress_watcher(void (*watch)(void));

/* Return whether a bar was ever drawn.  */
bool
progress_was_drawn(void);

/* Clear the bar, before something else is printed.  */
void
progress_clear(void);

/* Clear the bar, and show no more.  */
void
progress_stop(void);

#endif
