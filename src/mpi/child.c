/* SPDX-License-Identifier: GPL-3.0-or-later */
/* child.c: how the child ends, and how it is told to.  */
#include "config.h"

#include "mpi/child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mpi/ranks.h"

static const int asking[] = { SIGHUP, SIGINT, SIGTERM };

static volatile sig_atomic_t asked;

static void
note(int signo)
{
	asked = signo;
}

/* Give the signals that ask us to end HANDLER, but for those that are ignored.  */
static void
handle(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler }, old;

	for (size_t i = 0; i < sizeof asking / sizeof *asking; i++)
		if (sigaction(asking[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(asking[i], &action, NULL);
}

void
child_open(struct child *child, pid_t pid)
{
	*child = (struct child) { .pid = pid };
	handle(SIG_DFL);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);	/* or there might be no status */
}

void
child_guard(void)
{
	signal(SIGUSR1, SIG_IGN);	/* MPICH has an action of its own.  */
	handle(note);
}

void
child_unguard(void)
{
	handle(SIG_DFL);
}

bool
child_has_ended(struct child *child)
{
	if (!child->ended) {
		const pid_t got = waitpid(child->pid, &child->status, WNOHANG);
		if (got < 0 && errno == ECHILD) {	/* nobody knows how */
			child->ended = true;
			child->status = SIGKILL;
		}
		child->ended |= got > 0;
	}
	return child->ended;
}

int
child_status(const struct child *child)
{
	if (WIFSIGNALED(child->status))
		return 128 + WTERMSIG(child->status);
	return WEXITSTATUS(child->status);
}

int
child_signal(void)
{
	return asked;
}

void
child_explain(const struct mpi_hello *hello, const char *why)
{
	dprintf(STDERR_FILENO, "mmcp: rank %u on %s %s\n", hello->rank, hello->host, why);
}

void
child_leave(struct child *child, bool first, int status)
{
	const struct timespec tick = { .tv_nsec = 2000000 };
	const struct timespec second = { .tv_sec = 1 };
	const int signo = asked;

	if (signo != 0) {
		if (!child_has_ended(child))
			kill(child->pid, signo);
		for (int ticks = 0; !child_has_ended(child) && ticks < 750; ticks++)
			nanosleep(&tick, NULL);
		if (!first)
			nanosleep(&second, NULL);
		status = 128 + signo;
	}
	ranks_abort(status);
}
