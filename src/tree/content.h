/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_CONTENT_H
#define MMCP_TREE_CONTENT_H

#include <stdbool.h>

#include "tree/walkstate.h"

/* A file's bytes: copied here, or given to a worker.  */


/* Copy ENTRY's content here, and by all workers if it is large.  0, or -1 and it was
   said.  */
int
content_copy_here(struct walk *walk, struct entry *entry);

/* Copy the content of ENTRY, in DIR, by a worker unless HERE.  1 if it was dealt out;
   else as above.  */
int
content_copy(struct walk *walk, struct entry *entry, struct dirpair *dir, bool here);

/* What comes back from the workers (struct pool_listener).  */
void
content_result(void *context, struct dirpair *dir, const char *name, unsigned flags,
	const struct pool_word *word);

void
content_done(void *context, void *tag, bool there);

#endif
