/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_DEFERRED_H
#define MMCP_TREE_DEFERRED_H

#include <stdbool.h>

#include "tree/dirpair.h"
#include "tree/linktable.h"

/* Names in directories that are to be looked at when there is time.  */

struct deferred {
	struct deferred *next;
	struct dirpair *dir;		/* used by it */
	const struct link *link;	/* when this has landed; or NULL */
	bool here;			/* and not to be dealt out once more */
	char name[];
};

struct deferred_list {
	struct deferred *first, **last;
};

void
deferred_init(struct deferred_list *list);

/* Append NAME in DIR.  0, or -1 with errno.  */
int
deferred_add(struct deferred_list *list, struct dirpair *dir, const char *name, bool here,
	const struct link *link);

/* Take the first one, with its use of the directory, to be freed; or NULL.  */
struct deferred *
deferred_take(struct deferred_list *list);

/* Move those in FROM that wait for LINK to the end of TO.  */
void
deferred_move(struct deferred_list *from, const struct link *link,
	struct deferred_list *to);

#endif
