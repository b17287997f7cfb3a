/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seen.c: what stops `mmcp a/f b/f dir' from losing a/f.  libc's tree does the work.  */
#include "config.h"

#include "tree/seen.h"

#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"

struct seen {
	void *root;
};

struct seen_entry {
	dev_t dev;
	ino_t ino;
	const char *name;
};

static int
compare(const void *a, const void *b)
{
	const struct seen_entry *const x = a;
	const struct seen_entry *const y = b;

	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return strcmp(path_last(x->name), path_last(y->name));
}

struct seen *
seen_new(void)
{
	return calloc(1, sizeof(struct seen));
}

void
seen_free(struct seen *seen)
{
	if (seen != NULL)
		tdestroy(seen->root, free);
	free(seen);
}

int
seen_add(struct seen *seen, const struct stat *st, const char *name)
{
	struct seen_entry *const entry = malloc(sizeof *entry + strlen(name) + 1);

	if (entry == NULL)
		return -1;
	*entry = (struct seen_entry) { .dev = st->st_dev, .ino = st->st_ino,
				  .name = strcpy((char *) (entry + 1), name) };
	struct seen_entry **const found = tsearch(entry, &seen->root, compare);
	if (found == NULL || *found != entry)
		free(entry);
	return found == NULL ? -1 : 0;
}

static const struct seen_entry *
find(const struct seen *seen, const struct stat *st, const char *name)
{
	const struct seen_entry key = { .dev = st->st_dev, .ino = st->st_ino,
				       .name = name };
	struct seen_entry *const *const found = tfind(&key, &seen->root, compare);

	return found != NULL ? *found : NULL;
}

bool
seen_has(const struct seen *seen, const struct stat *st, const char *name)
{
	return find(seen, st, name) != NULL;
}

bool
seen_has_entry(const struct seen *seen, const struct stat *st, const char *name)
{
	const struct seen_entry *const entry = find(seen, st, name);

	return entry != NULL && path_same_entry(AT_FDCWD, entry->name, AT_FDCWD, name);
}
