/* SPDX-License-Identifier: GPL-3.0-or-later */
/* deferred.c: first in, first out.  */
#include "config.h"

#include "tree/deferred.h"

#include <stdlib.h>
#include <string.h>

void
deferred_init(struct deferred_list *list)
{
	list->first = NULL;
	list->last = &list->first;
}

static void
append(struct deferred_list *list, struct deferred *deferred)
{
	deferred->next = NULL;
	*list->last = deferred;
	list->last = &deferred->next;
}

int
deferred_add(struct deferred_list *list, struct dirpair *dir, const char *name, bool here,
	const struct link *link)
{
	struct deferred *const deferred = malloc(sizeof *deferred + strlen(name) + 1);

	if (deferred == NULL)
		return -1;
	*deferred = (struct deferred) { .dir = dir, .link = link, .here = here };
	strcpy(deferred->name, name);
	dirpair_use(dir);
	append(list, deferred);
	return 0;
}

struct deferred *
deferred_take(struct deferred_list *list)
{
	struct deferred *const deferred = list->first;

	if (deferred != NULL)
		list->first = deferred->next;
	if (list->first == NULL)
		list->last = &list->first;
	return deferred;
}

void
deferred_move(struct deferred_list *from, const struct link *link,
	struct deferred_list *to)
{
	struct deferred *next = from->first;

	deferred_init(from);
	for (struct deferred *deferred = next; deferred != NULL; deferred = next) {
		next = deferred->next;
		append(deferred->link == link ? to : from, deferred);
	}
}
