/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_POOL_H
#define MMCP_TREE_POOL_H

#include <stdbool.h>

#include "file/copy.h"
#include "tree/batch.h"
#include "tree/dirpair.h"

/* The small files of a tree are given in batches to forked workers, each of which copies
   whole files alone.  A batch is one message: the descriptors of some directories, source
   and destination, and up to BATCH_ITEMS names in them.  No more batches are sent than
   keep the workers busy.  */

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

/* Return a pool of at most WORKERS, for pool_free; NULL with errno.  With 1, each file is
   copied here at once; otherwise workers are forked when there are batches for them.
   LINKS_MATTER is as in copy_order.  POLICY must outlive the pool.  */
struct pool *
pool_new(unsigned workers, const struct copy_policy *policy, bool links_matter,
	const struct pool_listener *listener);

/* Add NAME in DIR, to be copied as FLAGS (pool_flags) say.  The pool holds a reference to
   DIR until then.  Unless TAG is NULL, the listener's done gets it.  Return 0; or -1 if a
   signal asks us to end, or with errno if memory is short.  */
int
pool_add(struct pool *pool, struct dirpair *dir, const char *name, unsigned flags,
	void *tag);

/* Send everything that was added.  Return 0, or -1 if a signal asks us to end.  */
int
pool_flush(struct pool *pool);

/* Send everything that was added, and wait until it is done.  Return 0, or -1 if a signal
   asks us to end.  */
int
pool_drain(struct pool *pool);

/* If SIGTSTP came, stop the workers and this process; continue them afterwards.  */
void
pool_stop_if_asked(const struct pool *pool);

/* With REST, while no batch is on its way, let SIGTSTP stop this process at once;
   without, catch it again.  */
void
pool_allow_stop(const struct pool *pool, bool rest);

/* Return true if a batch is on its way or being filled.  */
bool
pool_is_busy(const struct pool *pool);

/* End the workers, forget what they had not done, and free POOL.  */
void
pool_free(struct pool *pool);

#endif
