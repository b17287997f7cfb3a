/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_DIRECT_H
#define MMCP_ENGINE_DIRECT_H

#include <stddef.h>
#include <sys/types.h>

#include "base/counts.h"

/* Bytes from device to device past the page cache (O_DIRECT), several requests at a
   time.  */

/* Two files, open once more for that.  */
struct direct {
	int source, dest;
};

#define DIRECT_CLOSED ((struct direct) { -1, -1 })

/* Open what SOURCE and DEST are.  0, or -1 with errno: EINVAL where a file system has
   no such way.  */
int
direct_open(struct direct *direct, int source, int dest);

void
direct_close(struct direct *direct);

/* Buffers and requests of one process.  */
struct direct_queue;

/* A queue whose moved bytes are added to COUNTS.  NULL with errno.  */
struct direct_queue *
direct_queue_new(struct counts *counts);

void
direct_queue_free(struct direct_queue *queue);

/* Copy [AT, END).  What can't be moved so, a part of a block or a request that was
   refused, is for BY_HAND, which is given CONTEXT, an offset and bytes.  0; or -1 if
   BY_HAND said so.  */
int
direct_copy(const struct direct *direct, struct direct_queue *queue, off_t at, off_t end,
	int (*by_hand)(void *context, off_t at, size_t len), void *context);

#endif
