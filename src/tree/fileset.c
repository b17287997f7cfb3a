/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fileset.c: what stops `mmcp a/f b/f dir' from losing a/f.  A tree of libc's
   (tsearch).  */
#include "config.h"

#include "tree/fileset.h"

#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"

struct fileset {
	void *root;
};

struct fileset_entry {
	dev_t dev;
	ino_t ino;
	const char *name;
};

static int
compare(const void *a, const void *b)
{
	const struct fileset_entry *const x = a;
	const struct fileset_entry *const y = b;

	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return strcmp(path_last(x->name), path_last(y->name));
}

struct fileset *
fileset_new(void)
{
	return calloc(1, sizeof(struct fileset));
}

void
fileset_free(struct fileset *set)
{
	if (set != NULL)
		tdestroy(set->root, free);
	free(set);
}

int
fileset_add(struct fileset *set, const struct stat *st, const char *name)
{
	struct fileset_entry *const entry = malloc(sizeof *entry + strlen(name) + 1);

	if (entry == NULL)
		return -1;
	*entry = (struct fileset_entry) { .dev = st->st_dev, .ino = st->st_ino,
				  .name = strcpy((char *) (entry + 1), name) };
	struct fileset_entry **const found = tsearch(entry, &set->root, compare);
	if (found == NULL || *found != entry)
		free(entry);
	return found == NULL ? -1 : 0;
}

static const struct fileset_entry *
find(const struct fileset *set, const struct stat *st, const char *name)
{
	const struct fileset_entry key = { .dev = st->st_dev, .ino = st->st_ino,
				       .name = name };
	struct fileset_entry *const *const found = tfind(&key, &set->root, compare);

	return found != NULL ? *found : NULL;
}

bool
fileset_has(const struct fileset *set, const struct stat *st, const char *name)
{
	return find(set, st, name) != NULL;
}

bool
fileset_has_entry(const struct fileset *set, const struct stat *st, const char *name)
{
	const struct fileset_entry *const entry = find(set, st, name);

	return entry != NULL && path_same_entry(AT_FDCWD, entry->name, AT_FDCWD, name);
}
