/* SPDX-License-Identifier: GPL-3.0-or-later */
/* directqueue.c: a ring of buffers, each being filled by a read or emptied by a write.
   The requests are the kernel's own aio(7), which needs no library.  */
#include "config.h"

#include "engine/directqueue.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/ratelimit.h"
#include "base/totals.h"
#include "engine/extent.h"

/* Requests of 1 MiB, which a device takes as a few; 8 of them keep it busy while we
   look at what is done.  */
enum { BUFFERS = 8, BYTES = 1 << 20 };

struct request {
	struct iocb block;
	char *buffer;
	bool busy, writing;
};

struct direct_queue {
	struct counts *counts;
	aio_context_t context;
	char *memory;
	struct request request[BUFFERS];
};

int
direct_open(struct direct_files *direct, int source, int dest)
{
	*direct = DIRECT_FILES_CLOSED;
	direct->source = open(descriptor_path(source).text,
			      O_RDONLY | O_DIRECT | O_CLOEXEC);
	if (direct->source < 0)
		return -1;
	direct->dest = open(descriptor_path(dest).text, O_RDWR | O_DIRECT | O_CLOEXEC);
	if (direct->dest >= 0)
		return 0;
	const int err = errno;
	direct_close(direct);
	errno = err;
	return -1;
}

void
direct_close(struct direct_files *direct)
{
	if (direct->source >= 0)
		close(direct->source);
	if (direct->dest >= 0)
		close(direct->dest);
	*direct = DIRECT_FILES_CLOSED;
}

/* Free what there is of a QUEUE that can't be used.  errno is kept.  */
static void
free_queue(struct direct_queue *queue)
{
	const int err = errno;

	if (queue->context != 0)
		syscall(SYS_io_destroy, queue->context);
	if (queue->memory != MAP_FAILED)
		munmap(queue->memory, (size_t) BUFFERS * BYTES);
	free(queue);
	errno = err;
}

struct direct_queue *
direct_queue_new(struct counts *counts)
{
	struct direct_queue *const queue = calloc(1, sizeof *queue);

	if (queue == NULL)
		return NULL;
	queue->counts = counts;
	queue->memory = mmap(NULL, (size_t) BUFFERS * BYTES, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (queue->memory == MAP_FAILED
	    || syscall(SYS_io_setup, BUFFERS, &queue->context) < 0) {
		free_queue(queue);
		return NULL;
	}
	for (unsigned i = 0; i < BUFFERS; i++)
		queue->request[i].buffer = queue->memory + (size_t) i * BYTES;
	return queue;
}

/* Begin to read or write REQUEST's LEN bytes at AT.  Return 0, or -1.  */
static int
begin(struct direct_queue *queue, struct request *request, int fd, bool writing, off_t at,
	size_t len)
{
	struct iocb *block = &request->block;

	memset(block, 0, sizeof *block);
	block->aio_data = (uint64_t) (request - queue->request);
	block->aio_lio_opcode = writing ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD;
	block->aio_fildes = (uint32_t) fd;
	block->aio_buf = (uint64_t) (uintptr_t) request->buffer;
	block->aio_nbytes = len;
	block->aio_offset = at;
	request->writing = writing;
	request->busy = syscall(SYS_io_submit, queue->context, 1L, &block) == 1;
	return request->busy ? 0 : -1;
}

/* A request has ended: go on from reading to writing.  Return 1 if its bytes are to be
   read and written, else 0.  */
static int
end(const struct direct_files *direct, struct direct_queue *queue,
	const struct io_event *event)
{
	struct request *const request = &queue->request[event->data];
	const size_t len = (size_t) request->block.aio_nbytes;

	request->busy = false;
	if (event->res < 0 || (size_t) event->res != len)
		return 1;
	if (request->writing)
		totals_moved(queue->counts, COUNT_DIRECT, len);
	return !request->writing
		&& begin(queue, request, direct->dest, true, request->block.aio_offset,
			 len) < 0;
}

/* Return a request that isn't busy, or NULL.  */
static struct request *
idle(struct direct_queue *queue)
{
	for (unsigned i = 0; i < BUFFERS; i++)
		if (!queue->request[i].busy)
			return &queue->request[i];
	return NULL;
}

/* Give up the queue.  Its requests have ended when it is gone, but not how is known: read
   and write all of them again.  Return 0, or -1.  */
static int
give_up(struct direct_queue *queue,
	int (*read_write)(void *context, off_t at, size_t len), void *context)
{
	int ret = 0;

	syscall(SYS_io_destroy, queue->context);
	queue->context = 0;
	for (unsigned i = 0; i < BUFFERS; i++) {
		struct request *const request = &queue->request[i];
		if (request->busy && ret == 0)
			ret = read_write(context, request->block.aio_offset,
				      (size_t) request->block.aio_nbytes);
		request->busy = false;
	}
	return ret;
}

/* Wait for requests, and read and write what failed.  Return how many are still busy, or
   -1.  */
static int
wait_for_some(const struct direct_files *direct, struct direct_queue *queue,
	int (*read_write)(void *context, off_t at, size_t len), void *context)
{
	struct io_event events[BUFFERS];
	int busy = 0;
	int ret = 0;

	const long n = syscall(SYS_io_getevents, queue->context, 1L, (long) BUFFERS,
			       events, NULL);
	if (n < 0 && errno != EINTR)
		return give_up(queue, read_write, context);
	for (long i = 0; i < n; i++) {
		const struct iocb *const block = &queue->request[events[i].data].block;
		const off_t at = block->aio_offset;
		const size_t len = (size_t) block->aio_nbytes;
		if (end(direct, queue, &events[i]) != 0 && ret == 0)
			ret = read_write(context, at, len);
	}
	for (unsigned i = 0; i < BUFFERS; i++)
		busy += queue->request[i].busy;
	return ret < 0 ? -1 : busy;
}

/* Return where the first whole block at or after AT begins, or LIMIT.  */
static off_t
align(off_t at, off_t limit)
{
	return at % DIRECT_BLOCK == 0 ? at
		: extent_end(at, DIRECT_BLOCK - at % DIRECT_BLOCK, limit);
}

int
direct_queue_copy(const struct direct_files *direct, struct direct_queue *queue,
	off_t at, off_t limit,
	int (*read_write)(void *context, off_t at, size_t len), void *context)
{
	const off_t start = align(at, limit);
	const off_t last = start + (limit - start) / DIRECT_BLOCK * DIRECT_BLOCK;
	int busy = 0;
	int ret = 0;

	if (at < start && read_write(context, at, (size_t) (start - at)) < 0)
		return -1;
	for (at = start; busy > 0 || (ret == 0 && at < last); ) {
		struct request *const request = ret == 0 && at < last ? idle(queue)
			: NULL;
		if (request == NULL) {
			busy = wait_for_some(direct, queue, read_write, context);
			if (busy < 0)
				return -1;
			continue;
		}
		const size_t len = ratelimit_piece(last - at < BYTES
						   ? (size_t) (last - at) : BYTES);
		if (begin(queue, request, direct->source, false, at, len) == 0)
			busy++;
		else
			ret = read_write(context, at, len);
		at += (off_t) len;
	}
	if (ret == 0 && last < limit)
		ret = read_write(context, last, (size_t) (limit - last));
	return ret;
}
