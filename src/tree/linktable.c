/* SPDX-License-Identifier: GPL-3.0-or-later */
/* linktable.c: the table that keeps hard links, a tree of libc's (tsearch).  An entry
   takes its path and some 100 bytes, and only files with several names have one.  */
#include "config.h"

#include "tree/linktable.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"

struct linktable {
	void *root;
};

static int
compare(const void *a, const void *b)
{
	const struct link *const x = a;
	const struct link *const y = b;

	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	return x->dev == y->dev ? 0 : x->dev < y->dev ? -1 : 1;
}

struct linktable *
linktable_new(void)
{
	return calloc(1, sizeof(struct linktable));
}

void
linktable_free(struct linktable *links)
{
	if (links != NULL)
		tdestroy(links->root, free);
	free(links);
}

struct link *
linktable_find(const struct linktable *links, dev_t dev, ino_t ino)
{
	const struct link key = { .dev = dev, .ino = ino };
	struct link *const *const found = tfind(&key, &links->root, compare);

	return found != NULL ? *found : NULL;
}

struct link *
linktable_add(struct linktable *links, dev_t dev, ino_t ino, int base, const char *path,
	size_t trusted)
{
	struct link *const link = malloc(sizeof *link + strlen(path) + 1);

	if (link == NULL)
		return NULL;
	*link = (struct link) { .dev = dev, .ino = ino, .state = LINK_THERE, .base = base,
				.trusted = trusted };
	strcpy(link->path, path);
	struct link *const *const found = tsearch(link, &links->root, compare);
	if (found == NULL || *found != link)
		free(link);
	return found != NULL ? *found : NULL;
}

void
linktable_forget(struct linktable *links, dev_t dev, ino_t ino)
{
	struct link *const link = linktable_find(links, dev, ino);

	if (link == NULL)
		return;
	tdelete(link, &links->root, compare);
	free(link);
}

int
linktable_open_parent(const struct link *link, bool follow, const char **name)
{
	return path_descend(link->base, link->path, link->trusted, follow, name);
}
