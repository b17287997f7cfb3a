/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_POOLWORK_H
#define MMCP_TREE_POOLWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "file/copy.h"
#include "file/newfile.h"
#include "tree/batch.h"

/* A worker of the pool, and what it reports to the parent.  For pool.c alone.  */

/* What it sends: a word about an item, or (item BATCH_ITEMS) that the batch is done.
   Either way, all its earlier batches are done, too.  */
struct pool_answer {
	uint32_t number;	/* of the batch */
	uint32_t item;
	struct pool_word word;
};

/* How far it is, in shared memory that outlives it, on a cache line of its own.  */
struct pool_progress {
	_Alignas(128) _Atomic uint64_t at;	/* the batch's number << 32 | the item */
	struct newfile made;			/* of that item */
};

/* Return the number of the batch that it began last, or 0.  */
uint32_t
poolwork_batch(const struct pool_progress *progress);

/* Return the item of that batch that it works at, or the number of items if all are
   done.  */
uint32_t
poolwork_item(const struct pool_progress *progress);

/* A worker from fork to exit: receive batches by socket FD and copy what they name, until
   there are no more.  LINKS_MATTER is as in copy_order.  Return 0, or -1.  */
int
poolwork(int fd, struct pool_progress *progress, const struct copy_policy *policy,
	bool links_matter);

#endif
