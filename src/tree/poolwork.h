/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_POOLWORK_H
#define MMCP_TREE_POOLWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "file/copy.h"
#include "file/newfile.h"
#include "tree/batch.h"

/* One of the pool's workers, and what it lets the parent know.  For pool.c alone.  */

/* What it sends back: a word about an item, or (item BATCH_ITEMS) that the batch is done.
   Either way, all that it had before are done too.  */
struct pool_answer {
	uint32_t number;	/* of the batch */
	uint32_t item;
	struct pool_word word;
};

/* How far it is, in memory that outlives it; no other one writes near it.  */
struct pool_progress {
	_Alignas(128) _Atomic uint64_t at;	/* the batch's number << 32 | the item */
	struct newfile made;			/* of that item */
};

/* The number of the batch that it began last; 0: none.  */
uint32_t
poolwork_batch(const struct pool_progress *progress);

/* The item of that batch that it is at; the number of items, if it has done them.  */
uint32_t
poolwork_item(const struct pool_progress *progress);

/* Copy what comes in batches by socket FD until there is no more: a worker's way from
   fork to exit.  LINKS_MATTER as in copy_order.  0, or -1.  */
int
poolwork(int fd, struct pool_progress *progress, const struct copy_policy *policy,
	bool links_matter);

#endif
