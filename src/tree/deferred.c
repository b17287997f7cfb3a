/* SPDX-License-Identifier: GPL-3.0-or-later */
/* deferred.c: first in, first out.  */
#include "config.h"

#include "tree/deferred.h"

#include <stdlib.h>
#include <string.h>

void
later_init(struct later_list *list)
{
	list->first = NULL;
	list->last = &list->first;
}

static void
append(struct later_list *list, struct later *later)
{
	later->next = NULL;
	*list->last = later;
	list->last = &later->next;
}

int
later_add(struct later_list *list, struct dirpair *dir, const char *name, bool here,
	const struct link *link)
{
	struct later *const later = malloc(sizeof *later + strlen(name) + 1);

	if (later == NULL)
		return -1;
	*later = (struct later) { .dir = dir, .link = link, .here = here };
	strcpy(later->name, name);
	dirpair_use(dir);
	append(list, later);
	return 0;
}

struct later *
later_take(struct later_list *list)
{
	struct later *const later = list->first;

	if (later != NULL)
		list->first = later->next;
	if (list->first == NULL)
		list->last = &list->first;
	return later;
}

void
later_move(struct later_list *from, const struct link *link, struct later_list *to)
{
	struct later *next = from->first;

	later_init(from);
	for (struct later *later = next; later != NULL; later = next) {
		next = later->next;
		append(later->link == link ? to : from, later);
	}
}
