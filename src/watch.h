/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_WATCH_H
#define MMCP_WATCH_H

#include <stdbool.h>
#include <sys/types.h>

/* Where a file system may not answer, the process that our caller waits for asks it nothing: a
   request that a FUSE daemon has taken holds a process even through SIGKILL.  That process, the
   watcher, forks another one, which is the program, passes signals on to it, stops with it, and
   ends as it ends.  If the program doesn't end soon after a signal that asks for it, the watcher
   kills it and its workers, says what may remain, and dies of that signal; what still waits for
   an answer then is reaped by init.  */

/* Begin to watch.  Returns in the program, which dies with its watcher; and where there can't be
   one, without one.  Called once, with nothing open, nothing to clean up and no signal caught.  */
void
watch_start(void);

/* Whether somebody watches.  */
bool
watch_is_on(void);

/* Tell the watcher that worker PID runs, or that it was reaped.  */
void
watch_worker(pid_t pid, bool runs);

#endif
