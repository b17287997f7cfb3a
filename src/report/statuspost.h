/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_STATUSPOST_H
#define MMCP_REPORT_STATUSPOST_H

#include <stddef.h>

/* What other processes get to know of this run: a status file (base/statusfile.h), made
   when the run has taken a second, and kept up to date from then on.  In the parent
   only.  */

/* The run begins, which copies the COUNT SOURCES to DEST.  The strings must live until
   statuspost_end.  No system call is made before a second has passed.  */
void
statuspost_begin(const char *const *sources, size_t count, const char *dest);

/* The run has ended.  */
void
statuspost_end(void);

#endif
