/* SPDX-License-Identifier: GPL-3.0-or-later */
/* made.c: a worker's new file, noted where its parent can read it.  */
#include "config.h"

#include "made.h"

#include <stddef.h>

static struct made *shared;

void
made_share(struct made *made)
{
	shared = made;
}

void
made_begin(void)
{
	if (shared != NULL)
		atomic_store_explicit(&shared->inode, 0, memory_order_release);
}

void
made_note(int fd)
{
	struct stat st;

	if (shared == NULL || fstat(fd, &st) < 0)
		return;
	atomic_store_explicit(&shared->device, st.st_dev, memory_order_relaxed);
	atomic_store_explicit(&shared->inode, st.st_ino, memory_order_release);
}
