/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signals.c: flags, blocking, and dying of the right signal in the end.  */
#include "config.h"

#include "base/signals.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

static const int fatal[] = {
	SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE,
	SIGALRM, SIGUSR2, SIGXCPU, SIGVTALRM, SIGPROF,
};
enum { FATAL_COUNT = sizeof fatal / sizeof fatal[0] };

static_assert(ATOMIC_INT_LOCK_FREE == 2, "a handler can change a count");

_Atomic unsigned signals_due;
static volatile sig_atomic_t fatal_seen;
static volatile sig_atomic_t stop_seen;
static volatile sig_atomic_t child_seen;
static bool caught[FATAL_COUNT];
static sigset_t watched;	/* the signals that signals_block blocks */
static sigset_t before;		/* the mask outside of any block */
static unsigned blocks;
static int hearing;	/* callers that want to know of a stop, less those that don't */

/* A signal that comes between the last look at fatal_seen and a call that may wait would
   be missed for as long as it waits.  So the handler leaves such a call.  */
static _Thread_local sigjmp_buf escape;
static _Thread_local volatile sig_atomic_t escapes;

static void
on_fatal(int signo)
{
	fatal_seen = signo;
	if (escapes)
		siglongjmp(escape, 1);
}

static void
on_stop(int signo)
{
	stop_seen = signo;
}

static void
on_child(int signo)
{
	child_seen = signo;
}

static void
on_due(int signo)
{
	atomic_fetch_or(&signals_due, signo == SIGALRM || signo == SIGWINCH ? SIGNALS_TIME
			: SIGNALS_ASKED);
}

/* Install HANDLER for SIGNO, unless it is ignored.  */
static void
handle(int signo, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
	struct sigaction old;

	sigemptyset(&action.sa_mask);
	if (sigaction(signo, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(signo, &action, NULL);
}

/* Note SIGNO for the next moment between two steps.  */
static void
catch_between(int signo)
{
	handle(signo, on_due);
	sigaddset(&watched, signo);
}

void
signals_catch_time(void)
{
	for (size_t i = 0; i < FATAL_COUNT; i++)
		if (fatal[i] == SIGALRM)
			caught[i] = false;
	catch_between(SIGALRM);
	catch_between(SIGWINCH);
}

/* Install ACTION for SIGNO, unless it is ignored; all signals are blocked.  Return
   whether it was installed.  */
static bool
catch(int signo, const struct sigaction *action)
{
	struct sigaction old;

	if (sigaction(signo, action, &old) < 0)
		return false;
	if (old.sa_handler == SIG_IGN)
		sigaction(signo, &old, NULL);
	else
		sigaddset(&watched, signo);
	return old.sa_handler != SIG_IGN;
}

void
signals_fatal_set(sigset_t *set)
{
	struct sigaction action;

	sigemptyset(set);
	for (size_t i = 0; i < FATAL_COUNT; i++)
		if (sigaction(fatal[i], NULL, &action) == 0
		    && action.sa_handler != SIG_IGN)
			sigaddset(set, fatal[i]);
}

void
signals_catch(void)
{
	/* A handler that doesn't return doesn't unblock its signal.  */
	struct sigaction action = { .sa_handler = on_fatal, .sa_flags = SA_NODEFER };
	sigset_t all, mask;

	sigemptyset(&watched);
	sigemptyset(&action.sa_mask);
	/* An ignored signal has a handler for a moment, in which it must not come.  */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &mask);
	for (size_t i = 0; i < FATAL_COUNT; i++)
		caught[i] = catch(fatal[i], &action);
	action.sa_handler = on_child;
	action.sa_flags = SA_RESTART | SA_NOCLDSTOP;
	sigaction(SIGCHLD, &action, NULL);
	sigaddset(&watched, SIGCHLD);
	sigaddset(&watched, SIGTSTP);
	action.sa_handler = on_due;
	action.sa_flags = SA_RESTART;
	catch(SIGUSR1, &action);
#ifdef SIGINFO
	catch(SIGINFO, &action);
#endif
	signal(SIGXFSZ, SIG_IGN);
	sigdelset(&mask, SIGCHLD);	/* It may have been blocked from the start.  */
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

int
signals_fatal(void)
{
	return fatal_seen;
}

int
signals_set_error(struct error *error, enum error_step step)
{
	return error_set(error, signals_fatal() != 0 ? ERROR_INTERRUPTED : step, errno);
}

bool
signals_retry(ssize_t ret)
{
	return ret < 0 && errno == EINTR && fatal_seen == 0;
}

void
signals_catch_stop(bool hear)
{
	if ((hear ? hearing++ : --hearing) != 0)
		return;
	if (hear)
		stop_seen = 0;
	handle(SIGTSTP, hear ? on_stop : SIG_DFL);
}

bool
signals_stop_wanted(void)
{
	const bool wanted = stop_seen != 0;

	stop_seen = 0;
	return wanted;
}

void
signals_block(void)
{
	if (blocks++ == 0)
		sigprocmask(SIG_BLOCK, &watched, &before);
}

void
signals_unblock(void)
{
	if (--blocks == 0)
		sigprocmask(SIG_SETMASK, &before, NULL);
}

int
signals_poll(struct pollfd *fds, nfds_t n, int ms)
{
	const struct timespec most = { .tv_sec = ms / 1000,
				       .tv_nsec = ms % 1000 * 1000000L };

	return ppoll(fds, n, ms < 0 ? NULL : &most, &before);
}

/* Return whether FD is a terminal with another process group in the foreground: reading
   it stops this process.  */
static bool
is_in_background(int fd)
{
	const pid_t group = tcgetpgrp(fd);

	return group > 0 && group != getpgrp();
}

int
signals_wait_readable(int fd)
{
	/* No signal tells a process that it continues in the background.  */
	const struct timespec look = { .tv_nsec = 250000000 };
	struct pollfd wanted = { .fd = fd, .events = POLLIN };
	const bool terminal = tcgetpgrp(fd) > 0;
	int ret = 0;

	signals_block();
	while (fatal_seen == 0 && ret == 0)
		ret = is_in_background(fd) ? 1
			: ppoll(&wanted, 1, terminal ? &look : NULL, &before);
	signals_unblock();
	if (ret > 0)
		return 1;
	return fatal_seen != 0 ? -1 : 0;
}

bool
signals_child_ended(void)
{
	const bool ended = child_seen != 0;

	child_seen = 0;
	return ended;
}

/* Install HANDLER for the signals that were caught.  */
static void
handle_fatal(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_NODEFER };

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < FATAL_COUNT; i++)
		if (caught[i])
			sigaction(fatal[i], &action, NULL);
}

void
signals_reset(void)
{
	handle_fatal(SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	/* A SIGUSR1 to the whole group is answered by the parent.  */
	signal(SIGUSR1, SIG_IGN);
	hearing = 0;
	handle(SIGTSTP, SIG_DFL);
	if (blocks > 0) {
		blocks = 0;
		sigprocmask(SIG_SETMASK, &before, NULL);
	}
}

void
signals_die_at_once(bool at_once)
{
	handle_fatal(at_once ? SIG_DFL : on_fatal);
	if (at_once && fatal_seen != 0)
		raise(fatal_seen);
}

/* As openat(2) without O_CREAT; fails with EINTR, in any moment, if a signal asks the
   program to end.  It may leave a descriptor behind then.  */
static int
open_or_escape(int at, const char *path, int flags)
{
	int fd = -1;

	if (sigsetjmp(escape, 0) != 0) {
		escapes = 0;
		errno = EINTR;
		return -1;
	}
	escapes = 1;
	errno = EINTR;
	if (fatal_seen == 0)
		fd = openat(at, path, flags);
	escapes = 0;
	return fd;
}

int
signals_open(int at, const char *path, int flags, bool regular)
{
	int fd;

	flags |= O_CLOEXEC | O_NOCTTY;
	if (!regular)
		signals_die_at_once(true);
	do
		fd = regular && (flags & O_NONBLOCK) == 0
			? open_or_escape(at, path, flags) : openat(at, path, flags);
	while (signals_retry(fd));
	if (!regular)
		signals_die_at_once(false);
	return fd;
}

void
signals_raise_again(void)
{
	if (fatal_seen == 0)
		return;
	signals_reset();
	raise(fatal_seen);
}
