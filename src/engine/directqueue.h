/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_DIRECTQUEUE_H
#define MMCP_ENGINE_DIRECTQUEUE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/counts.h"

/* Move bytes from device to device past the page cache (O_DIRECT), several requests at a
   time.  */

/* Offsets and lengths are multiples of this, which every disk takes.  */
enum { DIRECT_BLOCK = 4096 };

/* Two files, open once more with O_DIRECT.  */
struct direct_files {
	int source, dest;
};

#define DIRECT_FILES_CLOSED ((struct direct_files) { -1, -1 })

/* Open the files SOURCE and DEST once more.  Return 0, or -1 with errno: EINVAL where a
   file system has no O_DIRECT.  */
int
direct_open(struct direct_files *direct, int source, int dest);

void
direct_close(struct direct_files *direct);

/* Buffers and requests of one process.  */
struct direct_queue;

/* Return a queue that adds what it moves to COUNTS and lasts as long as the process, a
   worker; or NULL with errno.  */
struct direct_queue *
direct_queue_new(struct counts *counts);

/* Copy [AT, END).  Part of a block, or a request that was refused, is left to READ_WRITE,
   which gets CONTEXT, an offset and a number of bytes.  Return 0; or -1 if READ_WRITE
   returned that.  */
int
direct_queue_copy(const struct direct_files *direct, struct direct_queue *queue,
	off_t at, off_t end,
	int (*read_write)(void *context, off_t at, size_t len), void *context);

#endif
