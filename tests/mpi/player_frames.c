/* SPDX-License-Identifier: GPL-3.0-or-later */
/* player_frames.c: the frames and processes of player.c.  */
#include "config.h"

#include "player.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int fd;
struct mpi_hello hello;
struct mpi_frame frame;
unsigned char *data;

_Noreturn void
fail(const char *what)
{
	fprintf(stderr, "player: rank %u: %s\n", hello.rank, what);
	_exit(99);
}

static void
put_all(const void *from, size_t size)
{
	while (size > 0) {
		const ssize_t put = write(fd, from, size);
		if (put <= 0)
			fail("write");
		from = (const char *) from + put;
		size -= (size_t) put;
	}
}

void
get_all(void *to, size_t size)
{
	while (size > 0) {
		const ssize_t got = read(fd, to, size);
		if (got <= 0)
			fail("read");
		to = (char *) to + got;
		size -= (size_t) got;
	}
}

void
put_frame(uint32_t rank, uint32_t size)
{
	put_all(&(struct mpi_frame) { .size = size, .rank = rank }, sizeof frame);
	put_all(data, size);
}

void
get_frame(void)
{
	get_all(&frame, sizeof frame);
	if (frame.size > MPI_FRAME_MOST || frame.rank >= hello.ranks)
		fail("a bad frame");
	get_all(data, frame.size);
}

void
say_goodbye(void)
{
	put_frame(hello.rank, 0);
}

pid_t
sends(void)
{
	const pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	return pid;
}

void
sender_ended(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || status != 0)
		fail("what sends failed");
}
