/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stream.c: frames from and to the child, by a stream socket.  */
#include "config.h"

#include "mpi/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

/* Read up to SIZE bytes into BUFFER.  Return how many, 0 if none have come yet, or -1
   at the end.  A child that exits before it has read everything makes that
   ECONNRESET.  */
static ssize_t
receive(struct stream *stream, void *buffer, size_t size)
{
	ssize_t got;

	do
		got = recv(stream->fd, buffer, size, MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	if (got < 0 && errno == EAGAIN)
		return 0;
	return got > 0 ? got : -1;
}

/* Read what is left of the head or data at TO, of SIZE bytes, of which DONE are
   there.  */
static enum stream_result
receive_rest(struct stream *stream, void *to, size_t size, size_t done)
{
	while (done < size) {
		const ssize_t got = receive(stream, (char *) to + done, size - done);
		if (got <= 0)
			return got == 0 ? STREAM_EMPTY : STREAM_ENDED;
		stream->got += (size_t) got;
		done += (size_t) got;
	}
	return STREAM_FRAME;
}

enum stream_result
stream_read(struct stream *stream, struct frame **frame)
{
	enum stream_result result = STREAM_ENDED;

	if (stream->ended)
		return result;
	if (stream->frame == NULL) {
		result = receive_rest(stream, &stream->head, sizeof stream->head,
				      stream->got);
		if (result != STREAM_FRAME)
			return result;
		if (stream->head.size > MPI_FRAME_MOST)
			return STREAM_BAD;
		stream->frame = frame_new(stream->head.size);
		if (stream->frame == NULL)
			return STREAM_NO_MEMORY;
		stream->frame->head = stream->head;
	}
	result = receive_rest(stream, stream->frame->data, stream->head.size,
			      stream->got - sizeof stream->head);
	if (result != STREAM_FRAME)
		return result;
	*frame = stream->frame;
	stream->frame = NULL;
	stream->got = 0;
	return STREAM_FRAME;
}

void
stream_send(struct stream *stream, struct frame *frame)
{
	if (stream->ended)
		free(frame);
	else
		queue_add(&stream->out, frame);
}

/* Forget what the child doesn't read.  */
static void
drop_out(struct stream *stream)
{
	while (stream->out.first != NULL)
		free(queue_take(&stream->out));
	stream->put = 0;
}

bool
stream_write(struct stream *stream)
{
	bool moved = false;

	while (stream->out.first != NULL) {
		const struct frame *const frame = stream->out.first;
		const size_t size = sizeof frame->head + frame->head.size;
		const ssize_t put = send(stream->fd,
					 (const char *) &frame->head + stream->put,
					 size - stream->put, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0) {
			/* What it has sent before it closed its end is still read.  */
			if (errno != EAGAIN)
				drop_out(stream);
			break;
		}
		moved = true;
		stream->put += (size_t) put;
		if (stream->put == size) {
			free(queue_take(&stream->out));
			stream->put = 0;
		}
	}
	return moved;
}

void
stream_end(struct stream *stream)
{
	stream->ended = true;
	drop_out(stream);
	free(stream->frame);
	stream->frame = NULL;
}
