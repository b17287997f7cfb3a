/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_MPI_STREAM_H
#define MMCP_MPI_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "mpi/frame.h"

/* The socket to the child.  No function here waits.  */
struct stream {
	int fd;
	bool ended;		/* nothing comes any more, and nothing can be sent */
	/* What is being read: its head, and the frame as soon as that is complete.  */
	struct mpi_frame head;
	struct frame *frame;
	size_t got;		/* bytes of head and data */
	struct queue out;
	size_t put;		/* bytes of head and data of the first one in OUT */
};

enum stream_result {
	STREAM_FRAME,		/* here is one */
	STREAM_EMPTY,		/* there is none yet */
	STREAM_ENDED,		/* there won't be any */
	STREAM_BAD,		/* this is no frame */
	STREAM_NO_MEMORY
};

/* Read the next frame, if it has come, and give it to the caller.  */
enum stream_result
stream_read(struct stream *stream, struct frame **frame);

/* FRAME, which the stream owns from now on, goes to the child; if it listens.  */
void
stream_send(struct stream *stream, struct frame *frame);

/* Write as much as the child takes now.  Return whether it was anything.  */
bool
stream_write(struct stream *stream);

/* The child has ended: nothing is read or written any more.  */
void
stream_end(struct stream *stream);

#endif
