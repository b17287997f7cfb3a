/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_DIRECTQUEUE_H
#define MMCP_ENGINE_DIRECTQUEUE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/counts.h"

/* Bytes from device to device past the page cache (O_DIRECT), several requests at a
   time.  */

/* Offsets and lengths are multiples of this, which every disk takes.  */
enum { DIRECT_BLOCK = 4096 };

/* Two files, open once more for that.  */
struct direct_files {
	int source, dest;
};

#define DIRECT_FILES_CLOSED ((struct direct_files) { -1, -1 })

/* Open what SOURCE and DEST are.  0, or -1 with errno: EINVAL where a file system has
   no such way.  */
int
direct_open(struct direct_files *direct, int source, int dest);

void
direct_close(struct direct_files *direct);

/* Buffers and requests of one process.  */
struct direct_queue;

/* A queue whose moved bytes are added to COUNTS.  NULL with errno.  */
struct direct_queue *
direct_queue_new(struct counts *counts);

void
direct_queue_free(struct direct_queue *queue);

/* Copy [AT, END).  What can't be moved so, a part of a block or a request that was
   refused, is for READ_WRITE, which is given CONTEXT, an offset and bytes.  0; or -1 if
   READ_WRITE said so.  */
int
direct_queue_copy(const struct direct_files *direct, struct direct_queue *queue,
	off_t at, off_t end,
	int (*read_write)(void *context, off_t at, size_t len), void *context);

#endif
