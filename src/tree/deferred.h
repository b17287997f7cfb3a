/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_DEFERRED_H
#define MMCP_TREE_DEFERRED_H

#include <stdbool.h>

#include "tree/dirpair.h"
#include "tree/linktable.h"

/* Names in directories that are to be looked at when there is time.  */

struct later {
	struct later *next;
	struct dirpair *dir;		/* used by it */
	const struct link *link;	/* when this has landed; or NULL */
	bool here;			/* and not to be dealt out once more */
	char name[];
};

struct later_list {
	struct later *first, **last;
};

void
later_init(struct later_list *list);

/* Append NAME in DIR.  0, or -1 with errno.  */
int
later_add(struct later_list *list, struct dirpair *dir, const char *name, bool here,
	const struct link *link);

/* Take the first one, with its use of the directory, to be freed; or NULL.  */
struct later *
later_take(struct later_list *list);

/* Move those in FROM that wait for LINK to the end of TO.  */
void
later_move(struct later_list *from, const struct link *link, struct later_list *to);

#endif
