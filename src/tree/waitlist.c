/* SPDX-License-Identifier: GPL-3.0-or-later */
/* waitlist.c: a linked list with a pointer to its end.  */
#include "config.h"

#include "tree/waitlist.h"

#include <stdlib.h>
#include <string.h>

void
waitlist_init(struct waitlist *list)
{
	list->first = NULL;
	list->last = &list->first;
}

static void
append(struct waitlist *list, struct waiting *waiting)
{
	waiting->next = NULL;
	*list->last = waiting;
	list->last = &waiting->next;
}

int
waitlist_add(struct waitlist *list, struct dirpair *dir, const char *name, bool by_parent,
	const struct link *link)
{
	struct waiting *const waiting = malloc(sizeof *waiting + strlen(name) + 1);

	if (waiting == NULL)
		return -1;
	*waiting = (struct waiting) { .dir = dir, .link = link, .by_parent = by_parent };
	strcpy(waiting->name, name);
	dirpair_ref(dir);
	append(list, waiting);
	return 0;
}

struct waiting *
waitlist_take(struct waitlist *list)
{
	struct waiting *const waiting = list->first;

	if (waiting != NULL)
		list->first = waiting->next;
	if (list->first == NULL)
		list->last = &list->first;
	return waiting;
}

void
waitlist_move(struct waitlist *from, const struct link *link,
	struct waitlist *to)
{
	struct waiting *next = from->first;

	waitlist_init(from);
	for (struct waiting *waiting = next; waiting != NULL; waiting = next) {
		next = waiting->next;
		append(waiting->link == link ? to : from, waiting);
	}
}
