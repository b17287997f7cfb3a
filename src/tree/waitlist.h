/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_WAITLIST_H
#define MMCP_TREE_WAITLIST_H

#include <stdbool.h>

#include "tree/dirpair.h"
#include "tree/linktable.h"

/* Names in directories that are to be visited later: first in, first out.  */

struct waiting {
	struct waiting *next;
	struct dirpair *dir;		/* with a reference */
	const struct link *link;	/* the copy that it waits for, or NULL */
	bool by_parent;			/* no worker may copy it */
	char name[];
};

struct waitlist {
	struct waiting *first, **last;
};

/* Make LIST an empty one.  */
void
waitlist_init(struct waitlist *list);

/* Append NAME in DIR, with a reference to DIR; LINK is the copy to wait for, or NULL.
   Return 0, or -1 with errno.  */
int
waitlist_add(struct waitlist *list, struct dirpair *dir, const char *name, bool by_parent,
	const struct link *link);

/* Take the first name off LIST, or return NULL.  The caller frees it and drops its
   reference to the directory.  */
struct waiting *
waitlist_take(struct waitlist *list);

/* Move the names in FROM that wait for LINK to the end of TO, in their order.  */
void
waitlist_move(struct waitlist *from, const struct link *link,
	struct waitlist *to);

#endif
