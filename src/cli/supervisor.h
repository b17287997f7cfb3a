/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_SUPERVISOR_H
#define MMCP_CLI_SUPERVISOR_H

/* The supervisor is for file systems that may not answer: once a FUSE daemon has received
   a request, not even SIGKILL ends the wait.  So the process that our caller waits for
   makes no requests to file systems.  It forks the program, passes signals on to it,
   stops with it, and ends as it ends.  If the program doesn't end soon after a fatal
   signal, the supervisor kills it and its workers, reports what may remain, and dies of
   that signal.  Init reaps the processes that still wait for an answer.  */

/* Start the supervisor.  Return in the program, which dies with its supervisor; or, if
   none can be started, without one.  Call this once, with nothing open, nothing to clean
   up and no signal caught.  */
void
supervisor_start(void);

#endif
