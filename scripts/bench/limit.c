/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limit: how fast memory is.  PROCESSES fork, and each copies its share of BYTES by
   memcpy(3) from one mapping to another; no copier that moves bytes by processors can be
   faster.  The pages are there before the time is taken ("populated"), or not ("fresh"),
   as in a new file, whose pages have to be found and cleared too.

   make limit && ./limit 2 2147483648 7  */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static char *
map(size_t size, int populated)
{
	const int flags = MAP_SHARED | MAP_ANONYMOUS | (populated ? MAP_POPULATE : 0);
	char *const p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);

	if (p == MAP_FAILED) {
		perror("limit: mmap");
		exit(1);
	}
	return p;
}

/* Seconds for one copy.  */
static double
copy(unsigned processes, size_t size, int populated)
{
	char *const source = map(size, 1);
	/* Memory that the machine really has: a host may have taken back what was free,
	   and the first to use it waits.  */
	if (!populated)
		munmap(map(size + size / 4, 1), size + size / 4);
	char *const dest = map(size, populated);
	int start[2], ready[2];
	char c = 0;

	memset(source, 'x', size);
	if (pipe(start) < 0 || pipe(ready) < 0)
		exit(1);
	for (unsigned i = 0; i < processes; i++) {
		const size_t from = size / processes * i;
		const size_t to = i + 1 == processes ? size : from + size / processes;
		const pid_t pid = fork();
		if (pid < 0)
			exit(1);
		if (pid > 0)
			continue;
		/* Its page tables are empty: each page would be a fault.  */
		if (populated)
			madvise(dest + from, to - from, 23 /* MADV_POPULATE_WRITE */);
		madvise(source + from, to - from, 22 /* MADV_POPULATE_READ */);
		if (write(ready[1], &c, 1) != 1 || read(start[0], &c, 1) != 1)
			_exit(1);
		memcpy(dest + from, source + from, to - from);
		_exit(0);
	}
	for (unsigned i = 0; i < processes; i++)
		if (read(ready[0], &c, 1) != 1)
			exit(1);
	const double begin = now();
	for (unsigned i = 0; i < processes; i++)
		if (write(start[1], &c, 1) != 1)
			exit(1);
	while (wait(NULL) > 0)
		;
	const double took = now() - begin;
	munmap(source, size);
	munmap(dest, size);
	for (int i = 0; i < 2; i++) {
		close(start[i]);
		close(ready[i]);
	}
	return took;
}

static int
compare(const void *a, const void *b)
{
	const double x = *(const double *) a, y = *(const double *) b;

	return x < y ? -1 : x > y;
}

int
main(int argc, char **argv)
{
	enum { MOST = 100 };
	const unsigned processes = argc > 1 ? (unsigned) atoi(argv[1]) : 2;
	const size_t size = argc > 2 ? strtoull(argv[2], NULL, 10) : (size_t) 2 << 30;
	const int rounds = argc > 3 ? atoi(argv[3]) : 7;
	double took[2][MOST];

	if (processes == 0 || size < processes || rounds < 1 || rounds > MOST) {
		fputs("usage: limit [PROCESSES [BYTES [ROUNDS]]]\n", stderr);
		return 1;
	}
	for (int i = 0; i < rounds; i++) {
		fprintf(stderr, "limit: round %d of %d\n", i + 1, rounds);
		for (int populated = 0; populated < 2; populated++)
			took[populated][i] = copy(processes, size, populated);
	}
	for (int populated = 1; populated >= 0; populated--) {
		qsort(took[populated], (size_t) rounds, sizeof **took, compare);
		printf("%s: %u processes, %zu bytes: median %.3f s (%.3f to %.3f), "
		       "%.2f GB/s\n",
		       populated ? "populated" : "fresh", processes, size,
		       took[populated][rounds / 2], took[populated][0],
		       took[populated][rounds - 1],
		       (double) size / took[populated][rounds / 2] / 1e9);
	}
	return 0;
}
