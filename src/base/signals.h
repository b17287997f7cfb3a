/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_SIGNALS_H
#define MMCP_BASE_SIGNALS_H

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/* A handler sets a flag; the program decides.  Code that waits checks signals_fatal() and
   unwinds with ERROR_INTERRUPTED; main raises the signal again at the end.  */

/* Catch the signals that would end the program (INT, TERM, HUP, QUIT, PIPE and so on,
   unless they were ignored at the start), SIGCHLD and SIGUSR1; ignore SIGXFSZ, so that a
   file that is too large is an errno.  */
void
signals_catch(void);

/* Set SET to the signals that would end the program, without those that are ignored.  */
void
signals_fatal_set(sigset_t *set);

/* What signals ask for between two steps of the work (timer.h).  timer_run sets it to
   0.  */
enum { SIGNALS_TIME = 1, SIGNALS_ASKED = 2 };
extern _Atomic unsigned signals_due;

/* Let SIGALRM and SIGWINCH set SIGNALS_TIME.  SIGUSR1 sets SIGNALS_ASKED from
   signals_catch on.  */
void
signals_catch_time(void);

/* Return the signal that asked the program to end, or 0.  */
int
signals_fatal(void);

/* Set *ERROR to STEP and errno; to ERROR_INTERRUPTED instead of STEP if a signal asked
   the program to end.  Return -1.  */
int
signals_set_error(struct error *error, enum error_step step);

/* Return whether a call that returned RET with errno is to be repeated: it was
   interrupted, but not by a signal that ends the program.  */
bool
signals_retry(ssize_t ret);

/* With HEAR, catch SIGTSTP instead of stopping (unless it was ignored), so that workers
   can be stopped first; without, undo one such call.  */
void
signals_catch_stop(bool hear);

/* Return whether a SIGTSTP came since the last call.  */
bool
signals_stop_wanted(void);

/* Return whether a child ended since the last call.  */
bool
signals_child_ended(void);

/* Block the caught signals, and unblock them.  Calls nest.  */
void
signals_block(void);

void
signals_unblock(void);

/* As poll(2), which waits no longer than MS milliseconds, unless these are below 0.
   Blocked signals are let through only while it waits, so that none is lost between a
   check and the wait.  */
int
signals_poll(struct pollfd *fds, nfds_t n, int ms);

/* Wait until pipe or terminal FD has bytes or has ended.  Return 1, also in the
   background of a terminal, where a read stops the process; 0 if a signal came that
   doesn't end the program; -1 if one does.  No signal is lost between the check and the
   wait.  */
int
signals_wait_readable(int fd);

/* In a forked child: restore the default actions and unblock everything.  */
void
signals_reset(void);

/* While there is nothing to clean up and a call may wait forever (a FIFO without a reader
   or writer): with AT_ONCE, let a fatal signal, also one that has already come, end the
   process at once; without, catch them again.  */
void
signals_die_at_once(bool at_once);

/* Open the existing file PATH below directory AT, with FLAGS (and O_CLOEXEC, O_NOCTTY).
   If it is REGULAR, this may wait for a lease to be given up, and fails with EINTR when a
   signal asks the program to end.  Otherwise it may wait forever, and the signal ends the
   process at once.  Return a descriptor, or -1 with errno.  */
int
signals_open(int at, const char *path, int flags, bool regular);

/* If a signal asked the program to end, die of it.  */
void
signals_raise_again(void);

#endif
