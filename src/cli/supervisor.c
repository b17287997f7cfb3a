/* SPDX-License-Identifier: GPL-3.0-or-later */
/* supervisor.c: the supervisor, which only waits.  It blocks the signals that it passes
   on, and takes them one by one: it has no handlers, and makes no call that a file
   system could hold up.  */
#include "config.h"

#include "cli/supervisor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/counts.h"
#include "base/namespace.h"
#include "base/signals.h"
#include "base/supervised.h"
#include "report/copymessages.h"

/* Nanoseconds that the program has to clean up, or to stop.  With what follows, this is
   less than a second.  */
#define PATIENCE UINT64_C(900000000)

/* ---- what may remain ---- */

enum { NAMES_MOST = 64 };

struct remains {
	char *name[NAMES_MOST];
	unsigned count;
};

static void
note(struct remains *remains, const char *name)
{
	for (unsigned i = 0; i < remains->count; i++)
		if (strcmp(remains->name[i], name) == 0)
			return;
	if (remains->count < NAMES_MOST
	    && (remains->name[remains->count] = strdup(name)) != NULL)
		remains->count++;
}

/* Return whether descriptor NAME of process PID is open for writing.  */
static bool
is_written(pid_t pid, const char *name)
{
	char path[64], line[64];
	unsigned flags = 0;

	snprintf(path, sizeof path, "/proc/%d/fdinfo/%.10s", (int) pid, name);
	FILE *const file = fopen(path, "re");
	if (file == NULL)
		return false;
	while (fgets(line, sizeof line, file) != NULL
	       && sscanf(line, "flags: %o", &flags) != 1)
		;
	fclose(file);
	return (flags & O_ACCMODE) == O_WRONLY || (flags & O_ACCMODE) == O_RDWR;
}

/* Put the path of what descriptor NAME of process PID refers to into TARGET, of SIZE
   bytes; return false if it has no name, or has lost it.  This makes no request to its
   file system.  */
static bool
find_target(pid_t pid, const char *name, char *target, size_t size)
{
	static const char gone[] = " (deleted)";
	const size_t tail = sizeof gone - 1;
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/fd/%.10s", (int) pid, name);
	const ssize_t len = readlink(path, target, size - 1);
	if (len <= 0 || *target != '/')
		return false;
	target[len] = '\0';
	return (size_t) len <= tail || strcmp(target + len - tail, gone) != 0;
}

/* Return true if descriptor NAME referred to TARGET when we were started.  */
static bool
is_inherited(const char *name, const char *target)
{
	char ours[PATH_MAX + 1];

	return find_target(getpid(), name, ours, sizeof ours)
		&& strcmp(ours, target) == 0;
}

/* Note in CONTEXT, the remains, the files that process PID writes, except those that were
   open when we were started and those without a name.  */
static void
note_files(void *context, pid_t pid)
{
	struct remains *const remains = context;
	char path[32], target[PATH_MAX + 1];
	const struct dirent *entry;

	snprintf(path, sizeof path, "/proc/%d/fd", (int) pid);
	DIR *const dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (find_target(pid, entry->d_name, target, sizeof target)
		    && !is_inherited(entry->d_name, target)
			    && is_written(pid, entry->d_name))
			note(remains, target);
	if (dir != NULL)
		closedir(dir);
}

/* Report what may remain, unless standard error can't be written to without waiting.  */
static void
tell(const struct remains *remains)
{
	struct pollfd fd = { .fd = STDERR_FILENO, .events = POLLOUT };

	if (poll(&fd, 1, 0) < 1 || (fd.revents & POLLOUT) == 0)
		return;
	report_no_answer(remains->count > 0 ? remains->name[0] : NULL,
			 remains->count > 0 ? remains->count - 1 : 0);
}

/* ---- the supervisor ---- */

struct watch {
	pid_t pid;		/* the program */
	sigset_t taken;		/* signals that are blocked and taken */
	sigset_t fatal;		/* those of them that end the program */
	int asked;		/* the last fatal signal, or 0 */
	uint64_t asked_at;	/* when the first fatal signal came */
	bool stop;		/* SIGTSTP came, from the terminal or for us alone */
	uint64_t stop_at;	/* when it came */
	int stopped;		/* the signal that stopped the program, or 0 */
};

static void
let_through(int signo)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* Die of SIGNO, as the program did.  The program has dumped any core.  */
__attribute__((noreturn)) static void
die_of(int signo)
{
	prctl(PR_SET_DUMPABLE, 0);
	signal(signo, SIG_DFL);
	let_through(signo);
	kill(getpid(), signo);
	_exit(128 + signo);	/* we are init, which no signal ends */
}

static void
kill_worker(void *context, pid_t pid)
{
	(void) context;
	kill(pid, SIGKILL);
}

/* Kill the program, which has not ended after a fatal signal, and die of that signal.  */
__attribute__((noreturn)) static void
abandon(const struct watch *watch)
{
	struct remains remains = { .count = 0 };

	note_files(&remains, watch->pid);
	supervised_each(note_files, &remains);
	supervised_each(kill_worker, NULL);
	kill(watch->pid, SIGKILL);
	signal(SIGPIPE, SIG_IGN);	/* standard error may have no reader */
	sigprocmask(SIG_UNBLOCK, &watch->fatal, NULL);
	tell(&remains);
	die_of(watch->asked);
}

/* Stop by SIGNO, as the program has or will when its request is answered.  Continue it
   when we are continued.  */
static void
stop_too(struct watch *watch, int signo)
{
	watch->stop = false;
	watch->stopped = 0;
	kill(getpid(), signo);	/* blocked, if it is one that we take */
	if (sigismember(&watch->taken, signo) == 1) {
		let_through(signo);
		sigprocmask(SIG_BLOCK, &watch->taken, NULL);
	}
	kill(watch->pid, SIGCONT);
}

/* Stop, if it is time for that.  A SIGSTOP for the program alone doesn't stop us.  */
static void
attend_stop(struct watch *watch)
{
	if (watch->stopped != 0 && (watch->stopped != SIGSTOP || watch->stop))
		stop_too(watch, watch->stopped);
	else if (watch->stop && clock_now() - watch->stop_at >= PATIENCE)
		stop_too(watch, SIGTSTP);
}

/* Look at the state of the program; if it has ended, end as it did.  */
static void
look(struct watch *watch)
{
	int status;
	pid_t got;

	while ((got = waitpid(watch->pid, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0)
		if (WIFSTOPPED(status) || WIFCONTINUED(status))
			watch->stopped = WIFSTOPPED(status) ? WSTOPSIG(status) : 0;
		else if (WIFSIGNALED(status))
			die_of(WTERMSIG(status));
		else
			_exit(WEXITSTATUS(status));
	if (got < 0 && errno == ECHILD)
		_exit(1);
}

/* Note the signal of INFO, and pass it on.  */
static void
pass_on(struct watch *watch, const siginfo_t *info)
{
	const int signo = info->si_signo;

	if (signo == SIGCHLD)
		return;
	if (sigismember(&watch->fatal, signo) == 1) {
		watch->asked_at = watch->asked == 0 ? clock_now() : watch->asked_at;
		watch->asked = signo;
	}
	/* The program has received what the terminal sent; a second SIGTSTP might
	   reach it after it continues.  */
	if (signo == SIGTSTP) {
		watch->stop = true;
		watch->stop_at = clock_now();
	}
	if (signo != SIGTSTP || info->si_code != SI_KERNEL)
		kill(watch->pid, signo);
}

/* Wait for a signal, but no longer than until PATIENCE ends.  Return its number, or
   -1.  */
static int
wait_for(const struct watch *watch, siginfo_t *info)
{
	const uint64_t since = watch->asked != 0 ? watch->asked_at : watch->stop_at;

	if (watch->asked == 0 && !watch->stop)
		return sigwaitinfo(&watch->taken, info);
	const uint64_t waited = clock_now() - since;
	const struct timespec left = {
		.tv_nsec = waited < PATIENCE ? (long) (PATIENCE - waited) : 0,
	};
	return sigtimedwait(&watch->taken, info, &left);
}

__attribute__((noreturn)) static void
keep_watch(struct watch *watch)
{
	siginfo_t info;

	for (;;) {
		look(watch);
		if (watch->asked != 0 && clock_now() - watch->asked_at >= PATIENCE)
			abandon(watch);
		attend_stop(watch);
		if (wait_for(watch, &info) > 0)
			pass_on(watch, &info);
	}
}

/* Choose the signals to take, without those that are ignored or blocked already.  */
static void
choose_signals(struct watch *watch)
{
	struct sigaction action;
	sigset_t mask;

	signals_fatal_set(&watch->fatal);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (size_t signo = 1; signo < NSIG; signo++)
		if (sigismember(&mask, (int) signo) == 1)
			sigdelset(&watch->fatal, (int) signo);
	watch->taken = watch->fatal;
	/* SIGALRM doesn't end the program where a bar uses it.  */
	sigdelset(&watch->fatal, SIGALRM);
	sigaddset(&watch->taken, SIGCHLD);
	sigaddset(&watch->taken, SIGUSR1);
	if (sigaction(SIGTSTP, NULL, &action) == 0 && action.sa_handler != SIG_IGN)
		sigaddset(&watch->taken, SIGTSTP);
}

/* Return whether signals can be taken one by one: a filter may refuse it.  None is in the
   set, so there is nothing to take.  */
static bool
can_take(void)
{
	const struct timespec now = { .tv_nsec = 0 };
	sigset_t none;

	sigemptyset(&none);
	return sigtimedwait(&none, NULL, &now) < 0 && (errno == EAGAIN || errno == EINTR);
}

void
supervisor_start(void)
{
	struct watch watch = { .asked = 0 };
	const pid_t parent = getpid();
	sigset_t before;

	/* The workers would have other numbers for the program than for us.  */
	if (namespace_is_new() || !can_take() || supervised_share() < 0)
		return;
	choose_signals(&watch);
	signal(SIGCHLD, SIG_DFL);	/* if ignored, children can't be waited for */
	sigprocmask(SIG_BLOCK, &watch.taken, &before);
	watch.pid = fork();
	if (watch.pid > 0)
		keep_watch(&watch);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (watch.pid < 0) {
		supervised_unshare();
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent && getppid() != 0)
		_exit(1);
}
