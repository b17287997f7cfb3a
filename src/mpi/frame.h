/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_MPI_FRAME_H
#define MMCP_MPI_FRAME_H

#include <mpi.h>
#include <stddef.h>
#include <stdint.h>

#include "mpi/module.h"

/* A frame on its way.  */
struct frame {
	struct frame *next;
	MPI_Request request;	/* ranks.c's */
	uint64_t due;		/* ranks.c's: not delivered before that time */
	/* As they go through the stream.  */
	struct mpi_frame head;
	unsigned char data[];
};

/* Frames, in the order in which they were added.  */
struct queue {
	struct frame *first, *last;
	size_t bytes;		/* of their data */
};

/* Return a frame with SIZE bytes of data; the caller frees it.  NULL if there is no
   memory.  */
struct frame *
frame_new(uint32_t size);

/* QUEUE owns FRAME from now on.  */
void
queue_add(struct queue *queue, struct frame *frame);

/* Take the first frame out of QUEUE, which isn't empty.  The caller owns it.  */
struct frame *
queue_take(struct queue *queue);

#endif
