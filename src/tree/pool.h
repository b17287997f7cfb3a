/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_POOL_H
#define MMCP_TREE_POOL_H

#include <stdbool.h>

#include "file/copy.h"
#include "tree/batch.h"
#include "tree/dirpair.h"

/* The small files of a tree, dealt in batches to forked workers that copy each of them
   whole and alone.  A batch is one message: the descriptors of some directories, source
   and destination, and some dozens of names in them.  No more is on its way than keeps
   the workers busy.  */

struct pool;

/* Called by the pool.  None of them may call pool_add.  */
struct pool_listener {
	/* A result for NAME in DIR, which was added with FLAGS.  */
	void (*result)(void *context, struct dirpair *dir, const char *name,
		       unsigned flags, const struct pool_word *word);
	/* The file with this TAG (not NULL) was copied, if THERE, or failed.  */
	void (*done)(void *context, void *tag, bool there);
	/* Drop a reference to DIR.  */
	void (*release)(void *context, struct dirpair *dir);
	void *context;
};

/* A pool of at most WORKERS; with 1, all is done here at once.  LINKS_MATTER as in
   copy_order.  Nobody is forked before there is a batch.  NULL with errno.  */
struct pool *
pool_new(unsigned workers, const struct copy_policy *policy, bool links_matter,
	const struct pool_listener *listener);

/* Have NAME in DIR copied.  DIR is used until it is.  0; or -1 if a signal asks us to
   end, or with errno where there is no memory.  */
int
pool_add(struct pool *pool, struct dirpair *dir, const char *name, unsigned flags,
	void *tag);

/* Have everything that was added on its way.  0, or -1 if a signal asks us to end.  */
int
pool_flush(struct pool *pool);

/* Have everything that was added done.  0, or -1 if a signal asks us to end.  */
int
pool_drain(struct pool *pool);

/* If we were asked to stop, stop with the workers, and go on with them.  */
void
pool_attend(const struct pool *pool);

/* For as long as nothing is on its way: let a request to stop have its effect at once; or
   hear of it again.  */
void
pool_rest(const struct pool *pool, bool rest);

/* Whether anything is on its way, or waiting for company.  */
bool
pool_is_busy(const struct pool *pool);

/* Kill the workers, forget what they had.  */
void
pool_free(struct pool *pool);

#endif
