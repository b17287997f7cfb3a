/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_CONTENT_H
#define MMCP_TREE_CONTENT_H

#include <stdbool.h>

#include "tree/walkstate.h"

/* A file's bytes: copied here, or given to a worker.  Errors are reported here.  */

/* Copy ENTRY's content in this process, with all workers if the file is large.  Return 0,
   or -1.  */
int
content_copy_here(struct walk *walk, struct entry *entry);

/* Copy the content of ENTRY, in DIR, by a worker unless BY_PARENT.  Return 1 if it is
   queued; 0 if it was copied here; -1.  */
int
content_copy(struct walk *walk, struct entry *entry, struct dirpair *dir, bool by_parent);

/* Report a worker's result for NAME in DIR, or note that the name has to be visited again
   (struct pool_listener).  */
void
content_result(void *context, struct dirpair *dir, const char *name, unsigned flags,
	const struct pool_word *word);

/* TAG, a link, was copied, or was not if it isn't THERE (struct pool_listener).  */
void
content_done(void *context, void *tag, bool there);

#endif
