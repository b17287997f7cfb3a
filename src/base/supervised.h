/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_SUPERVISED_H
#define MMCP_BASE_SUPERVISED_H

#include <stdbool.h>
#include <sys/types.h>

/* The workers that a supervisor kills with the program: a table of process IDs in memory
   that both share.  */

/* Share a table with a supervisor that is about to fork us.  Return 0, or -1 with errno;
   then there is no table.  */
int
supervised_share(void);

/* Give the table up, when there will be no supervisor.  */
void
supervised_unshare(void);

/* Return whether there is a table, and so a supervisor.  */
bool
supervised_is_on(void);

/* Note that worker PID runs, or, unless RUNS, that it was reaped.  Without a table, do
   nothing.  */
void
supervised_note(pid_t pid, bool runs);

/* Call CALL with the process ID of each worker that runs, and with CONTEXT.  There must
   be a table.  */
void
supervised_each(void (*call)(void *context, pid_t pid), void *context);

#endif
