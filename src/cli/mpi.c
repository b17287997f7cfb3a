/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mpi.c: the module that speaks MPI is opened only where it is asked for: the program
   doesn't depend on MPI, nor does its start take longer.  */
#include "config.h"

#include "cli/mpi.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cpus.h"
#include "base/ranks.h"
#include "mpi/module.h"
#include "report/message.h"
#include "report/rankmessages.h"
#include "report/usage.h"

#ifndef MPI_MODULE		/* this build has none */
# define MPI_MODULE ""
#endif

/* Standard error and output, while nothing is printed; or -1.  */
static int hushed[2] = { -1, -1 };
static bool asked;	/* for --mpi, or what begins like that */

/* Return the value of the first of NAMES, which end with NULL, in the environment; or
   NULL.  */
static const char *
first_set(const char *const names[])
{
	const char *value = NULL;

	for (; *names != NULL && value == NULL; names++)
		value = getenv(*names);
	return value;
}

/* Return what seems to be our rank: NULL if nothing tells.  */
static const char *
seeming_rank(void)
{
	static const char *const names[] = { "OMPI_COMM_WORLD_RANK", "PMIX_RANK",
					     "PMI_RANK", "SLURM_PROCID", NULL };

	return first_set(names);
}

/* Return whether we seem to be another rank than the first.  */
static bool
seems_another(void)
{
	const char *const rank = seeming_rank();

	return rank != NULL && strcmp(rank, "0") != 0;
}

/* We can't begin.  If the first rank can't either, it says why, and mpirun ends the
   others meanwhile; if not, only we know it.  */
static void
let_first_speak(void)
{
	enum { MEANWHILE = 5 };	/* seconds */

	if (seems_another())
		sleep(MEANWHILE);
}

/* Tell MPICH's launcher that we don't go on, which it doesn't see by our status, and so
   the others would wait for us.  */
static void
abort_mpich(void)
{
	const char *const fd = getenv("PMI_FD");

	message_flush();
	if (fd != NULL)
		dprintf(atoi(fd), "cmd=abort exitcode=1\n");
}

void
mpi_hush(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		asked = asked || strncmp(argv[i], "--mp", 4) == 0;	/* abbreviated */
	if (!asked || !seems_another())
		return;
	const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	for (int i = 0; null >= 0 && i < 2; i++) {
		hushed[i] = fcntl(i + 1, F_DUPFD_CLOEXEC, 3);
		dup2(null, i + 1);
	}
	if (null >= 0)
		close(null);
}

void
mpi_speak(bool failed)
{
	const bool explains = failed && hushed[0] >= 0;

	if (hushed[0] >= 0)
		message_flush();
	for (int i = 0; i < 2; i++)
		if (hushed[i] >= 0) {
			dup2(hushed[i], i + 1);
			close(hushed[i]);
			hushed[i] = -1;
		}
	if (explains) {
		let_first_speak();
		report_rank_lacks_options(seeming_rank());
	}
	if (failed && asked)
		abort_mpich();
}

/* Return the module's function; NULL if it can't be opened, or is of another version,
   which is reported.  */
static int
(*open_module(void))(int, pid_t)
{
	const char *const named = secure_getenv("MMCP_MPI_MODULE");
	void *const handle = dlopen(named != NULL ? named : MPI_MODULE,
				    RTLD_NOW | RTLD_GLOBAL);
	const char *const version = handle == NULL ? NULL
		: dlsym(handle, "mmcp_mpi_version");

	if (version != NULL && strcmp(version, PACKAGE_VERSION) == 0)
		return (int (*)(int, pid_t)) dlsym(handle, "mmcp_mpi_run");
	let_first_speak();
	if (named == NULL && MPI_MODULE[0] == '\0')
		usage_lacks_library("mpi", "mmcp-mpi.so", false);
	else if (version == NULL)
		report_cannot_open_module(dlerror());
	else
		report_module_is_another(named != NULL ? named : MPI_MODULE, version);
	return NULL;
}

/* Be the agent of CHILD, by socket FD.  */
__attribute__((noreturn)) static void
be_agent(int fd, pid_t child)
{
	int (*const run)(int, pid_t) = open_module();

	if (run != NULL)
		exit(run(fd, child));
	abort_mpich();
	exit(1);
}

/* Return how many ranks were started, as far as whoever did that says so.  */
static long
started(void)
{
	static const char *const names[] = { "OMPI_COMM_WORLD_SIZE", "PMI_SIZE",
					     "SLURM_STEP_NUM_TASKS", NULL };
	const char *const size = first_set(names);

	return size != NULL ? strtol(size, NULL, 10) : 1;
}

int
mpi_begin(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		usage_cannot_begin(errno);
		return -1;
	}
	const pid_t parent = getpid();
	const pid_t child = fork();
	if (child < 0) {
		usage_cannot_begin(errno);
		return -1;
	}
	close(ends[child == 0 ? 0 : 1]);
	if (child > 0)
		be_agent(ends[0], child);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent || ranks_open(ends[1]) < 0)
		_exit(1);
	if (ranks_are_many()) {
		cpus_share(ranks_here());
	} else if (started() > 1) {	/* Each would copy everything.  */
		ranks_close();
		if (seems_another())
			_exit(1);	/* The first says it.  */
		report_ranks_are_strangers(started());
		return -1;
	}
	return 0;
}
