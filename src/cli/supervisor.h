/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_SUPERVISOR_H
#define MMCP_CLI_SUPERVISOR_H

#include <stdbool.h>
#include <sys/types.h>

/* Where a file system may not answer, the process that our caller waits for makes no
   requests to it: when a FUSE daemon has received a request, not even SIGKILL ends the
   wait.  That process, the watcher, forks the program, passes signals on to it, stops
   with it, and ends as it ends.  If the program doesn't end soon after a fatal signal,
   the watcher kills it and its workers, reports what may remain, and dies of that signal.
   Init reaps the processes that still wait for an answer.  */

/* Start watching.  Returns in the program, which dies with its watcher; or, if there
   can't be a watcher, without one.  Call this once, with nothing open, nothing to clean
   up and no signal caught.  */
void
supervisor_start(void);

/* Return whether there is a watcher.  */
bool
supervisor_is_on(void);

/* Tell the watcher that worker PID runs, or, unless RUNS, that it was reaped.  */
void
supervisor_worker(pid_t pid, bool runs);

#endif
