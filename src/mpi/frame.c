/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frame.c: frames, and queues of them.  */
#include "config.h"

#include "mpi/frame.h"

#include <stdlib.h>

struct frame *
frame_new(uint32_t size)
{
	struct frame *const frame = malloc(sizeof *frame + size);

	if (frame != NULL) {
		frame->next = NULL;
		frame->request = MPI_REQUEST_NULL;
		frame->due = 0;
		frame->head = (struct mpi_frame) { .size = size };
	}
	return frame;
}

void
queue_add(struct queue *queue, struct frame *frame)
{
	frame->next = NULL;
	if (queue->first == NULL)
		queue->first = frame;
	else
		queue->last->next = frame;
	queue->last = frame;
	queue->bytes += frame->head.size;
}

struct frame *
queue_take(struct queue *queue)
{
	struct frame *const frame = queue->first;

	queue->first = frame->next;
	queue->bytes -= frame->head.size;
	return frame;
}
