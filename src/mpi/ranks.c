/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ranks.c: frames from and to other ranks, by MPI.  A message is the data of a frame.
   MPI keeps the order of messages from one rank to another, and so do the two
   queues.  */
#include "config.h"

#include "mpi/ranks.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { TAG = 0 };

uint64_t
ranks_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t) now.tv_sec * 1000000000 + (uint64_t) now.tv_nsec;
}

/* MPI opens libraries of its own, which may look for its symbols among those of the
   program; but this module, and so what it is linked with, may be local.  */
static void
show_mpi(void)
{
	Dl_info info;

	if (dladdr((const void *) (uintptr_t) MPI_Init, &info) != 0
	    && info.dli_fname != NULL)
		(void) dlopen(info.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD);
}

static void
find_place(struct mpi_hello *hello)
{
	int rank, count, count_here;
	MPI_Comm here;

	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &count);
	MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL,
			    &here);
	MPI_Comm_size(here, &count_here);
	hello->rank = (uint32_t) rank;
	hello->ranks = (uint32_t) count;
	hello->ranks_here = (uint32_t) count_here;
	hello->first_here = hello->rank;
	/* Equal keys: they are in the order of their ranks.  */
	MPI_Bcast(&hello->first_here, 1, MPI_UINT32_T, 0, here);
	MPI_Comm_free(&here);
	gethostname(hello->host, sizeof hello->host - 1);
}

void
ranks_open(struct ranks *ranks)
{
	*ranks = (struct ranks) { .vote = MPI_REQUEST_NULL };
#ifdef MPI_LATENCY_TESTS
	const char *const latency = getenv("MMCP_MPI_LATENCY");
	if (latency != NULL)
		ranks->latency = strtoull(latency, NULL, 10);
#endif
	show_mpi();
	MPI_Init(NULL, NULL);
	find_place(&ranks->hello);
}

void
ranks_send(struct ranks *ranks, struct frame *frame)
{
	MPI_Isend(frame->data, (int) frame->head.size, MPI_BYTE, (int) frame->head.rank,
		  TAG, MPI_COMM_WORLD, &frame->request);
	queue_add(&ranks->sending, frame);
}

/* Return whether the transfer of FRAME is complete.  */
static bool
is_complete(struct frame *frame)
{
	int complete;

	MPI_Test(&frame->request, &complete, MPI_STATUS_IGNORE);
	return complete != 0;
}

bool
ranks_sent(struct ranks *ranks)
{
	bool moved = false;

	while (ranks->sending.first != NULL && is_complete(ranks->sending.first)) {
		free(queue_take(&ranks->sending));
		moved = true;
	}
	return moved;
}

int
ranks_listen(struct ranks *ranks)
{
	enum { AT_ONCE = 64 };	/* then the child is looked after */
	MPI_Message message;
	MPI_Status status;
	int size, found = 1, begun = 0;

	while (begun < AT_ONCE) {
		MPI_Improbe(MPI_ANY_SOURCE, TAG, MPI_COMM_WORLD, &found, &message,
			    &status);
		if (!found)
			break;
		MPI_Get_count(&status, MPI_BYTE, &size);
		struct frame *const frame = frame_new((uint32_t) size);
		if (frame == NULL)
			return -1;
		frame->head.rank = (uint32_t) status.MPI_SOURCE;
		if (ranks->latency > 0)
			frame->due = ranks_now() + ranks->latency;
		MPI_Imrecv(frame->data, size, MPI_BYTE, &message, &frame->request);
		queue_add(&ranks->coming, frame);
		begun++;
	}
	return begun > 0;
}

struct frame *
ranks_take(struct ranks *ranks)
{
	struct frame *const frame = ranks->coming.first;

	if (frame == NULL || !is_complete(frame)
	    || (frame->due > 0 && frame->due > ranks_now()))
		return NULL;
	return queue_take(&ranks->coming);
}

uint64_t
ranks_next_due(const struct ranks *ranks)
{
	const struct frame *const frame = ranks->coming.first;

	return frame != NULL && frame->due > 0 ? frame->due : UINT64_MAX;
}

/* The vote is complete when each rank has sent what it had to send, and has ended.  */
void
ranks_vote(struct ranks *ranks, int status)
{
	ranks->mine[0] = ranks->hello.rank == 0 ? status : 0;
	ranks->mine[1] = status;
	MPI_Iallreduce(ranks->mine, ranks->all, 2, MPI_INT, MPI_MAX, MPI_COMM_WORLD,
		       &ranks->vote);
}

bool
ranks_have_ended(struct ranks *ranks, int *status)
{
	int complete;

	MPI_Test(&ranks->vote, &complete, MPI_STATUS_IGNORE);
	*status = ranks->all[0] != 0 ? ranks->all[0] : ranks->all[1];
	return complete != 0;
}

void
ranks_close(void)
{
	MPI_Finalize();
}

void
ranks_abort(int status)
{
	/* MPI is trusted to end us and the others within that time, and no longer.  */
	signal(SIGALRM, SIG_DFL);
	alarm(2);
	MPI_Abort(MPI_COMM_WORLD, status);
	_exit(status);
}
