/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_SIGNALS_H
#define MMCP_BASE_SIGNALS_H

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

/* A handler sets a flag; the program decides.  Whoever waits asks signals_fatal()
   and unwinds with ERROR_INTERRUPTED; main raises the signal again at the end.  */

/* Catch what would end us (INT, TERM, HUP, QUIT, PIPE and their like, unless they were
   ignored when we started), hear SIGCHLD and SIGUSR1, and ignore XFSZ so that a file
   too large is an errno.  */
void
signals_catch(void);

/* Set SET to the signals that would end us, without those that are ignored now.  */
void
signals_fatal_set(sigset_t *set);

/* What signals want done between two steps of the work (timer.h); whoever does it sets it
   to 0.  */
enum { SIGNALS_TIME = 1, SIGNALS_ASKED = 2 };
extern _Atomic unsigned signals_due;

/* Hear SIGALRM and SIGWINCH as SIGNALS_TIME.  SIGUSR1 is heard as SIGNALS_ASKED from
   signals_catch on.  */
void
signals_hear_time(void);

/* The signal that asked us to end, or 0.  */
int
signals_fatal(void);

/* Whether a call that returned RET with errno should be made again: interrupted,
   but by nothing that ends us.  */
bool
signals_retry(ssize_t ret);

/* While we have workers: hear TSTP instead of stopping (unless it was ignored), so that
   they can be stopped before us; and let it stop us again.  Nests by count.  */
void
signals_hear_stop(bool hear);

/* Whether a TSTP came since the last call.  */
bool
signals_stop_wanted(void);

/* Whether a child ended since the last call.  */
bool
signals_child_ended(void);

/* Hold back the caught signals, and let them come again.  Blocks nest by count.  */
void
signals_block(void);

void
signals_unblock(void);

/* As ppoll(2) without a limit of time, with held back signals let through while it
   waits and not before: no signal is lost between a check and the wait.  */
int
signals_poll(struct pollfd *fds, nfds_t n);

/* Wait for a pipe or terminal to have bytes, or to have ended.  1, also where we are in
   the background of a terminal, so that a read stops us; 0 if a signal came that
   doesn't end us; or -1 if one does, for which nothing can come between the check and
   the wait.  */
int
signals_wait_readable(int fd);

/* In a forked child: the default for all of them, nothing held back.  */
void
signals_reset(void);

/* While there is nothing to clean up, and a call may wait for ever (a FIFO that nobody
   opens, a pipe that nobody reads): let those signals, one that has come included, end us
   at once; and catch them again.  */
void
signals_die_at_once(bool at_once);

/* Open the existing file PATH below directory AT, with FLAGS (and O_CLOEXEC, O_NOCTTY).
   If it is REGULAR, this may wait for a lease to be given up, and fails with EINTR when a
   signal asks us to end.  Otherwise it may wait forever, and the signal ends us.  Return
   a descriptor, or -1 with errno.  */
int
signals_open(int at, const char *path, int flags, bool regular);

/* If a signal asked us to end, die of it.  */
void
signals_raise_again(void);

#endif
