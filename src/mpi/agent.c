/* SPDX-License-Identifier: GPL-3.0-or-later */
/* agent.c: carry frames between the child and the other ranks.  One process does it
   without ever waiting for one side alone, so that the other can't be held up.  MPI has
   nothing that a process could sleep on: it is asked often while there is traffic, and
   less often the longer there is none.  */
#include "config.h"

#include "mpi/module.h"

#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "mpi/child.h"
#include "mpi/ranks.h"
#include "mpi/stream.h"

const char mmcp_mpi_version[] = PACKAGE_VERSION;

enum {
	AT_ONCE = 64,		/* frames from the child before others have a turn */
	SKIPPED_MOST = 15,	/* looks at the child that are left out in a row */
	SENDING_MOST = 32 << 20	/* bytes not sent yet that let the child wait */
};

/* Nanoseconds.  Between two ranks on one machine, a message and its answer take 500
   microseconds if the agent waits for a fourth of the time that nothing has moved, 350
   for an eighth, and no less for a sixteenth.  If it doesn't sleep in the first 50
   microseconds, it takes 400 while there is nothing else to do, and milliseconds where
   each processor is in use (2 processors, virtual, Linux 6.18).  */
#define SHORTEST_WAIT UINT64_C(20000)
#define LONG_WAIT UINT64_C(1000000)
#define LONGEST_WAIT UINT64_C(10000000)
#define LONG_IDLE UINT64_C(1000000000)

struct agent {
	struct child child;
	struct stream stream;
	struct ranks ranks;
	bool goodbye;		/* the child has said it */
	bool voted;
	bool quiet;		/* the last wait passed without a sign of the child */
	unsigned skipped;	/* how often the child wasn't looked after for that */
	uint64_t moved;		/* when something moved for the last time */
};

static _Noreturn void
leave(struct agent *agent, int status)
{
	child_leave(&agent->child, agent->ranks.hello.rank == 0, status);
}

/* Say why this rank ends the job before its time, and do.  */
static _Noreturn void
give_up(struct agent *agent, const char *why)
{
	if (child_signal() == 0)
		child_explain(&agent->ranks.hello, why);
	leave(agent, 1);
}

/* The child sent FRAME.  */
static void
route(struct agent *agent, struct frame *frame)
{
	const uint32_t own = agent->ranks.hello.rank;

	if (frame->head.rank >= agent->ranks.hello.ranks)
		give_up(agent, "is not understood");
	if (frame->head.rank != own) {
		ranks_send(&agent->ranks, frame);
	} else if (frame->head.size > 0) {
		stream_send(&agent->stream, frame);
	} else {
		agent->goodbye = true;
		free(frame);
	}
}

/* Nothing more comes from the child.  */
static void
end_stream(struct agent *agent)
{
	stream_end(&agent->stream);
	if (!agent->goodbye) {
		/* A signal to the group of processes may have come to the child
		   first.  */
		nanosleep(&(struct timespec) { .tv_nsec = 20000000 }, NULL);
		give_up(agent, "ended early");
	}
}

/* Take what the child has sent, unless much of it hasn't been sent on yet.  Other
   agents take everything, so that it will be.  Return whether there was anything.  */
static bool
serve_child(struct agent *agent)
{
	struct frame *frame;
	bool moved = false;

	/* Where nobody moves, each call costs.  A death shows by the socket, unless
	   somebody has inherited the child's end.  */
	if (agent->quiet && agent->skipped++ < SKIPPED_MOST)
		return false;
	agent->skipped = 0;
	const bool gone = child_has_ended(&agent->child);
	for (int n = 0; n < AT_ONCE && agent->ranks.sending.bytes < SENDING_MOST; n++) {
		if (agent->stream.ended)
			break;
		const enum stream_result result = stream_read(&agent->stream, &frame);
		switch (result) {
		case STREAM_FRAME:
			route(agent, frame);
			moved = true;
			continue;
		case STREAM_EMPTY:
			if (gone)
				end_stream(agent);
			break;
		case STREAM_ENDED:
			end_stream(agent);
			break;
		case STREAM_BAD:
			give_up(agent, "is not understood");
		case STREAM_NO_MEMORY:
			give_up(agent, "has no memory");
		}
		break;
	}
	return moved;
}

/* Bring the child what others have sent.  Return whether there was anything.  */
static bool
serve_ranks(struct agent *agent)
{
	struct frame *frame;
	const int begun = ranks_listen(&agent->ranks);
	bool moved = begun > 0;

	if (begun < 0)
		give_up(agent, "has no memory");
	while ((frame = ranks_take(&agent->ranks)) != NULL) {
		stream_send(&agent->stream, frame);
		moved = true;
	}
	return moved;
}

static uint64_t
within(uint64_t least, uint64_t value, uint64_t most)
{
	return value < least ? least : value > most ? most : value;
}

/* Return how long to wait at NOW for something to happen, in nanoseconds: an eighth of
   the time that nothing has moved.  A millisecond is the most in the first second; then
   it is 5, and from 2 seconds on, 10.  */
static uint64_t
wait_time(const struct agent *agent, uint64_t now)
{
	const uint64_t idle = now - agent->moved;
	const uint64_t due = ranks_next_due(&agent->ranks);
	const uint64_t wait = idle < LONG_IDLE
			      ? within(SHORTEST_WAIT, idle / 8, LONG_WAIT)
			      : within(LONG_WAIT, idle / 200, LONGEST_WAIT);

	if (due < now + wait)
		return due > now ? due - now : 0;
	return wait;
}

/* Sleep for a while, or until the child has something or takes something.  */
static void
wait_a_while(struct agent *agent, uint64_t now)
{
	const struct timespec time = { .tv_nsec = (long) wait_time(agent, now) };
	struct pollfd poll = { .fd = agent->stream.fd };

	if (agent->ranks.sending.bytes < SENDING_MOST)
		poll.events |= POLLIN;
	if (agent->stream.out.first != NULL)
		poll.events |= POLLOUT;
	agent->quiet = ppoll(&poll, poll.events != 0 && !agent->stream.ended, &time,
			     NULL) == 0;
}

/* Return whether all ranks have ended, with what to exit with in *STATUS.  */
static bool
is_over(struct agent *agent, int *status)
{
	if (!agent->voted && agent->stream.ended && child_has_ended(&agent->child)
	    && agent->ranks.sending.first == NULL) {
		ranks_vote(&agent->ranks, child_status(&agent->child));
		agent->voted = true;
	}
	return agent->voted && ranks_have_ended(&agent->ranks, status);
}

/* The first frame to the child.  */
static void
say_hello(struct agent *agent)
{
	struct frame *const frame = frame_new(sizeof agent->ranks.hello);

	if (frame != NULL) {
		frame->head.rank = agent->ranks.hello.rank;
		memcpy(frame->data, &agent->ranks.hello, sizeof agent->ranks.hello);
		stream_send(&agent->stream, frame);
	} else {
		give_up(agent, "has no memory");
	}
}

int
mmcp_mpi_run(int fd, pid_t child)
{
	struct agent agent = { .stream.fd = fd };
	int status;

	child_open(&agent.child, child);
	ranks_open(&agent.ranks);
	child_guard();
	/* Short waits aren't made longer by 50 microseconds.  */
	prctl(PR_SET_TIMERSLACK, 1UL);
	agent.moved = ranks_now();
	say_hello(&agent);
	while (!is_over(&agent, &status)) {
		bool moved = serve_child(&agent);
		moved |= ranks_sent(&agent.ranks);
		moved |= serve_ranks(&agent);
		moved |= stream_write(&agent.stream);
		const uint64_t now = ranks_now();
		agent.quiet = false;
		if (moved)
			agent.moved = now;
		else
			wait_a_while(&agent, now);
		if (child_signal() != 0)
			leave(&agent, 0);
	}
	ranks_close();
	child_unguard();
	return status;
}
