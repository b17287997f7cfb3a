/* SPDX-License-Identifier: GPL-3.0-or-later */
/* player.c: a rank whose child plays a part, to test the module that carries its frames.

   usage: player MODULE PART [ARGUMENT]

   order N	send N frames of any size to each rank; each gets all of them, in order
   flood N	send N frames of 4 MiB to each other rank, reading nothing before that
   both N	the same, while reading
   status S	exit with S + the rank
   status S R	the same, but 0 up to rank R
   idle S	do nothing for S seconds, and tell how much processor time the agent used
   pingpong N	64 bytes from rank 0 to the last rank and back, N times; tells how long
   busy N	the same, while a process of each rank computes
   end S	signal S ends the children, after their goodbyes
   nonsense R	rank R sends to a rank that isn't there
   leave R	rank R exits without a goodbye; the others wait
   kill R	rank R is killed; the others wait
   agent R	the agent of rank R is killed; the others wait
   wait	all wait

   In the directory $PLAY, if that is set, rank R writes its process and that of its agent
   to the file pids.R, and makes the file asked.R when a signal asks it to end.  */
#include "config.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "player.h"

enum { LARGE = 4 << 20 };

static char asked_name[4096];

/* The size of frame number N from one rank to another; at least 8 but for those without
   any data, which can't be sent to oneself.  */
static uint32_t
size_of(uint32_t from, uint32_t to, uint32_t n)
{
	const uint32_t mixed = (from * 31 + to * 17 + n * 7) % 97;

	if (mixed == 0 && from != to)
		return 0;
	return mixed == 96 ? 300000 : 8 + mixed * mixed;
}

static void
fill(uint32_t size, uint32_t n)
{
	memset(data, (int) (hello.rank + n), size);
	if (size >= sizeof n)
		memcpy(data, &n, sizeof n);
}

/* What is in the frame is number N of its source, and has SIZE bytes.  */
static void
check_frame(uint32_t size, uint32_t n)
{
	uint32_t found = n;

	if (frame.size != size)
		fail("a frame of another size");
	if (size >= sizeof n)
		memcpy(&found, data, sizeof found);
	if (found != n)
		fail("a frame out of order");
	for (uint32_t i = sizeof n; i < size; i++)
		if (data[i] != (unsigned char) (frame.rank + n))
			fail("a frame with other data");
}

static void
play_order(uint32_t count)
{
	uint32_t *const next = calloc(hello.ranks, sizeof *next);
	const pid_t pid = sends();

	if (pid == 0) {
		for (uint32_t n = 0; n < count; n++)
			for (uint32_t to = 0; to < hello.ranks; to++) {
				const uint32_t size = size_of(hello.rank, to, n);
				fill(size, n);
				put_frame(to, size);
			}
		_exit(0);
	}
	for (uint32_t n = 0; n < count * hello.ranks; n++) {
		get_frame();
		const uint32_t expected = next[frame.rank]++;
		check_frame(size_of(frame.rank, hello.rank, expected), expected);
	}
	free(next);
	sender_ended(pid);
}

static void
play_flood(uint32_t count, bool both)
{
	uint32_t *const next = calloc(hello.ranks, sizeof *next);
	const pid_t pid = both ? sends() : 0;

	if (pid == 0)
		for (uint32_t n = 0; n < count; n++)
			for (uint32_t to = 0; to < hello.ranks; to++)
				if (to != hello.rank) {
					fill(LARGE, n);
					put_frame(to, LARGE);
				}
	if (both && pid == 0)
		_exit(0);
	for (uint32_t n = 0; n < count * (hello.ranks - 1); n++) {
		get_frame();
		check_frame(LARGE, next[frame.rank]++);
	}
	free(next);
	if (both)
		sender_ended(pid);
}

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

/* The processor time that the agent has used, in seconds.  */
static double
used_by_agent(void)
{
	char name[64];
	unsigned long long used = 0;

	snprintf(name, sizeof name, "/proc/%d/schedstat", (int) getppid());
	FILE *const file = fopen(name, "r");
	if (file == NULL || fscanf(file, "%llu", &used) != 1)
		fail("no schedstat");
	fclose(file);
	return (double) used / 1e9;
}

static void
play_idle(unsigned seconds)
{
	sleep(1);
	const double before = used_by_agent(), began = now();
	sleep(seconds);
	printf("rank %u: its agent used %.2f %% of a processor\n", hello.rank,
	       100 * (used_by_agent() - before) / (now() - began));
}

static int
compare(const void *a, const void *b)
{
	const double x = *(const double *) a, y = *(const double *) b;

	return x < y ? -1 : x > y;
}

static void
play_pingpong(unsigned count)
{
	const uint32_t last = hello.ranks - 1;
	double *const took = calloc(count + 1, sizeof *took);

	memset(data, 0, 64);
	for (unsigned n = 0; hello.rank == 0 && n < count; n++) {
		const double began = now();
		put_frame(last, 64);
		get_frame();
		if (last == 0)
			continue;
		took[n] = now() - began;
	}
	for (unsigned n = 0; last > 0 && hello.rank == last && n < count; n++) {
		get_frame();
		put_frame(0, 64);
	}
	qsort(took, count, sizeof *took, compare);
	if (hello.rank == 0)
		printf("to rank %u and back: %.0f us (median), %.0f us (of 1 in 100)\n",
		       last, 1e6 * took[count / 2], 1e6 * took[count - count / 100 - 1]);
	free(took);
}

static void
play_busy(unsigned count)
{
	const pid_t pid = sends();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (volatile unsigned n = 0;; n++)
			;
	}
	play_pingpong(count);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
wait_for_ever(void)
{
	for (;;)
		get_frame();
}

/* Let rank RANK go on only when the others have come here.  */
static void
meet_at(uint32_t rank)
{
	if (rank != hello.rank)
		put_frame(rank, 8);
	else
		for (uint32_t n = 1; n < hello.ranks; n++)
			get_frame();
}

/* Something happens to rank RANK; or to none, if there is no such rank.  */
static void
play_misfortune(const char *part, uint32_t rank)
{
	if (rank < hello.ranks)
		meet_at(rank);
	if (rank == hello.rank) {
		if (strcmp(part, "nonsense") == 0)
			put_frame(hello.ranks, 8);
		else if (strcmp(part, "leave") == 0)
			_exit(0);
		else if (strcmp(part, "kill") == 0)
			raise(SIGKILL);
		else
			kill(getppid(), SIGKILL);
	}
	wait_for_ever();
}

/* Play PART.  Return what to exit with.  */
static int
play(const char *part, unsigned n, uint32_t quiet)
{
	if (strcmp(part, "order") == 0)
		play_order(n);
	else if (strcmp(part, "flood") == 0 || strcmp(part, "both") == 0)
		play_flood(n, strcmp(part, "both") == 0);
	else if (strcmp(part, "status") == 0)
		return hello.rank < quiet ? 0 : (int) (n + hello.rank);
	else if (strcmp(part, "idle") == 0)
		play_idle(n);
	else if (strcmp(part, "pingpong") == 0)
		play_pingpong(n);
	else if (strcmp(part, "busy") == 0)
		play_busy(n);
	else if (strcmp(part, "wait") == 0)
		wait_for_ever();
	else if (strcmp(part, "end") != 0)
		play_misfortune(part, n);
	return 0;
}

/* As mmcp does, end a moment after a signal has asked for it.  */
static void
on_signal(int signo)
{
	if (asked_name[0] != '\0')
		close(open(asked_name, O_WRONLY | O_CREAT, 0600));
	nanosleep(&(struct timespec) { .tv_nsec = 100000000 }, NULL);
	signal(signo, SIG_DFL);
	raise(signo);
}

/* Note who plays this rank, if somebody wants to know.  */
static void
note_processes(void)
{
	const char *const dir = getenv("PLAY");
	char name[4096];

	if (dir == NULL)
		return;
	snprintf(asked_name, sizeof asked_name, "%s/asked.%u", dir, hello.rank);
	snprintf(name, sizeof name, "%s/pids.%u", dir, hello.rank);
	FILE *const file = fopen(name, "w");
	if (file == NULL)
		fail("no file for process numbers");
	fprintf(file, "%d %d\n", (int) getpid(), (int) getppid());
	fclose(file);
}

static int
be_child(const char *part, unsigned n, uint32_t quiet)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	data = malloc(MPI_FRAME_MOST);
	if (data == NULL)
		fail("no memory");
	get_all(&frame, sizeof frame);
	if (frame.size != sizeof hello)
		fail("another hello");
	get_all(&hello, sizeof hello);
	if (frame.rank != hello.rank || hello.rank >= hello.ranks
	    || hello.ranks_here > hello.ranks || hello.first_here > hello.rank
	    || hello.host[0] == '\0')
		fail("a strange hello");
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		signal(signals[i], on_signal);
	note_processes();
	const int status = play(part, n, quiet);
	fflush(stdout);
	say_goodbye();
	if (strcmp(part, "end") == 0) {
		signal((int) n, SIG_DFL);
		raise((int) n);
	}
	free(data);
	return status;
}

int
main(int argc, char **argv)
{
	int pair[2];

	if (argc < 3)
		fail("usage: player MODULE PART [ARGUMENT]...");
	const unsigned n = argc > 3 ? (unsigned) strtoul(argv[3], NULL, 10) : 0;
	const uint32_t quiet = argc > 4 ? (uint32_t) strtoul(argv[4], NULL, 10) : 0;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		fail("socketpair");
	const pid_t pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		close(pair[0]);
		fd = pair[1];
		return be_child(argv[2], n, quiet);
	}
	close(pair[1]);
	void *const module = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
	if (module == NULL)
		fail(dlerror());
	const char *const version = dlsym(module, "mmcp_mpi_version");
	int (*run)(int, pid_t);
	*(void **) &run = dlsym(module, "mmcp_mpi_run");
	if (version == NULL || strcmp(version, PACKAGE_VERSION) != 0 || run == NULL)
		fail("another module");
	return run(pair[0], pid);
}
