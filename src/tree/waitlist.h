/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_WAITLIST_H
#define MMCP_TREE_WAITLIST_H

#include <stdbool.h>

#include "tree/dirpair.h"
#include "tree/linktable.h"

/* Names in directories that are to be looked at when there is time.  */

struct waiting {
	struct waiting *next;
	struct dirpair *dir;		/* used by it */
	const struct link *link;	/* when this has landed; or NULL */
	bool by_parent;			/* and not to be dealt out once more */
	char name[];
};

struct waitlist {
	struct waiting *first, **last;
};

void
waitlist_init(struct waitlist *list);

/* Append NAME in DIR.  0, or -1 with errno.  */
int
waitlist_add(struct waitlist *list, struct dirpair *dir, const char *name, bool by_parent,
	const struct link *link);

/* Take the first one, with its use of the directory, to be freed; or NULL.  */
struct waiting *
waitlist_take(struct waitlist *list);

/* Move those in FROM that wait for LINK to the end of TO.  */
void
waitlist_move(struct waitlist *from, const struct link *link,
	struct waitlist *to);

#endif
