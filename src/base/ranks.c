/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ranks.c: messages through a socket to the agent.  It always reads, so that a message
   can be written at once; what it has for us waits in the socket and with it.  */
#include "config.h"

#include "base/ranks.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/rankframe.h"
#include "base/signals.h"

static struct {
	int fd;			/* -1: there is no agent */
	struct mpi_hello hello;
	char *data;		/* what was received */
	size_t at, used, size;	/* bytes: of a message before, of all, of the room */
} own = { .fd = -1 };

/* How what is in a frame begins.  Behind it, the message is filled up to a multiple of
   UNIT bytes, so that all of them are aligned.  */
enum { UNIT = 8 };

struct head {
	uint32_t kind, len;
};

bool
ranks_are_many(void)
{
	return own.hello.ranks > 1;
}

unsigned
ranks_own(void)
{
	return own.hello.rank;
}

unsigned
ranks_count(void)
{
	return own.hello.ranks > 0 ? own.hello.ranks : 1;
}

unsigned
ranks_here(void)
{
	return own.hello.ranks_here > 0 ? own.hello.ranks_here : 1;
}

const char *
ranks_host(void)
{
	return own.hello.host;
}

int
ranks_descriptor(void)
{
	return ranks_are_many() ? own.fd : -1;
}

/* ---- sending ---- */

/* Pass over the first N bytes of the *COUNT *PARTS, and over empty ones.  */
static void
pass_over(struct iovec **parts, int *count, size_t n)
{
	for (; *count > 0 && n >= (*parts)->iov_len; ++*parts, --*count)
		n -= (*parts)->iov_len;
	if (*count > 0) {
		(*parts)->iov_base = (char *) (*parts)->iov_base + n;
		(*parts)->iov_len -= n;
	}
}

/* Write the COUNT PARTS, which are changed.  The agent is gone when that fails, and so
   shall we be.  */
static void
write_all(struct iovec *parts, int count)
{
	while (count > 0) {
		const struct msghdr message = { .msg_iov = parts,
						.msg_iovlen = (size_t) count };
		const ssize_t n = sendmsg(own.fd, &message, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR) {
			raise(SIGTERM);
			return;
		}
		pass_over(&parts, &count, n > 0 ? (size_t) n : 0);
	}
}

void
ranks_send(unsigned to, enum ranks_kind kind, const void *data, size_t len,
	const void *more, size_t rest)
{
	static const char zeros[UNIT];
	const size_t gap = (UNIT - (len + rest) % UNIT) % UNIT;
	struct head head = { kind, (uint32_t) (len + rest) };
	struct mpi_frame frame = {
		.size = (uint32_t) (sizeof head + len + rest + gap), .rank = to,
	};
	struct iovec parts[] = {
		{ &frame, sizeof frame }, { &head, sizeof head },
		{ (void *) data, len }, { (void *) more, rest }, { (void *) zeros, gap },
	};

	write_all(parts, sizeof parts / sizeof *parts);
}

void
ranks_send_all(enum ranks_kind kind, const void *data, size_t len)
{
	for (unsigned i = 0; i < ranks_count(); i++)
		if (i != ranks_own())
			ranks_send(i, kind, data, len, NULL, 0);
}

void
ranks_close(void)
{
	struct mpi_frame frame = { .rank = own.hello.rank };
	struct iovec part = { &frame, sizeof frame };

	if (own.fd < 0)
		return;
	write_all(&part, 1);
	close(own.fd);
	free(own.data);
	own.fd = -1;
	own.data = NULL;
	own.at = own.used = own.size = 0;
	own.hello.ranks = 0;
}

/* ---- receiving ---- */

/* Return the frame that is whole, or NULL.  */
static const struct mpi_frame *
whole(void)
{
	const size_t left = own.used - own.at;
	const struct mpi_frame *const frame = (const void *) (own.data + own.at);

	return left >= sizeof *frame && left - sizeof *frame >= frame->size ? frame
		: NULL;
}

/* Make room to read into.  Return 0, or -1 with errno.  */
static int
make_room(void)
{
	enum { STEP = 1 << 18 };

	if (own.at > 0) {
		own.used -= own.at;
		memmove(own.data, own.data + own.at, own.used);
		own.at = 0;
	}
	if (own.size - own.used >= STEP / 2)
		return 0;
	char *const data = realloc(own.data, 2 * own.size + STEP);
	if (data == NULL)
		return -1;
	own.data = data;
	own.size = 2 * own.size + STEP;
	return 0;
}

/* Wait until there is something to read.  Return false if a signal asks us to end.  */
static bool
await(void)
{
	struct pollfd fd = { .fd = own.fd, .events = POLLIN };

	signals_block();
	const bool go_on = signals_fatal() == 0
		&& (signals_poll(&fd, 1, -1) >= 0 || signals_fatal() == 0);
	signals_unblock();
	return go_on;
}

/* Return the next frame; NULL if there is none and we don't WAIT, or can't.  The agent
   ends before us only if all are to.  */
static const struct mpi_frame *
next_frame(bool wait)
{
	const struct mpi_frame *frame;

	while ((frame = whole()) == NULL) {
		const ssize_t n = make_room() < 0 ? 0
			: recv(own.fd, own.data + own.used, own.size - own.used,
			       MSG_DONTWAIT);
		if (n > 0) {
			own.used += (size_t) n;
		} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
			raise(SIGTERM);
			return NULL;
		} else if (errno == EAGAIN && (!wait || !await())) {
			return NULL;
		}
	}
	own.at += sizeof *frame + frame->size;
	return frame;
}

bool
ranks_receive(struct ranks_message *message, bool wait)
{
	const struct mpi_frame *const frame = own.fd < 0 ? NULL : next_frame(wait);

	if (frame == NULL)
		return false;
	const struct head *const head = (const void *) (frame + 1);
	*message = (struct ranks_message) {
		.from = frame->rank, .kind = (enum ranks_kind) head->kind,
		.data = (const char *) (head + 1), .len = head->len,
	};
	return true;
}

int
ranks_open(int fd)
{
	struct mpi_hello hello;
	struct mpi_frame frame;

	if (recv(fd, &frame, sizeof frame, MSG_WAITALL) != sizeof frame
	    || frame.size != sizeof hello
	    || recv(fd, &hello, sizeof hello, MSG_WAITALL) != sizeof hello)
		return -1;
	own.fd = fd;
	own.hello = hello;
	own.hello.host[sizeof own.hello.host - 1] = '\0';
	return 0;
}
