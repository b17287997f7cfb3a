/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fileset.c: what stops `mmcp a/f b/f dir' from losing a/f.  A tree of libc's
   (tsearch).  */
#include "config.h"

#include "tree/fileset.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"

struct fileset {
	void *root;
};

const struct stat fileset_unknown;

struct fileset_entry {
	dev_t dev;
	ino_t ino;
	const char *name;
	const char *last;	/* its last component */
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
	return strcmp(x->last, y->last);
}

struct fileset *
fileset_new(void)
{
	return calloc(1, sizeof(struct fileset));
}

/* Add the names in DIR to SET, as fileset_read.  Return 0, or -1 with errno.  */
static int
add_names(struct fileset *set, DIR *dir, size_t *room)
{
	const struct dirent *d;

	while ((errno = 0, d = readdir(dir)) != NULL) {
		if (*room == 0) {
			errno = E2BIG;
			return -1;
		}
		--*room;
		if (fileset_add(set, &fileset_unknown, d->d_name) < 0)
			return -1;
	}
	return errno == 0 ? 0 : -1;
}

struct fileset *
fileset_read(int dir, size_t *room)
{
	struct fileset *set = fileset_new();
	const int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *const stream = fd >= 0 ? fdopendir(fd) : NULL;

	if (set == NULL || stream == NULL || add_names(set, stream, room) < 0) {
		fileset_free(set);
		set = NULL;
	}
	if (stream != NULL)
		closedir(stream);
	else if (fd >= 0)
		close(fd);
	return set;
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
	entry->last = path_last(entry->name);
	struct fileset_entry **const found = tsearch(entry, &set->root, compare);
	if (found == NULL || *found != entry)
		free(entry);
	return found == NULL ? -1 : 0;
}

static const struct fileset_entry *
find(const struct fileset *set, const struct stat *st, const char *name)
{
	const struct fileset_entry key = { .dev = st->st_dev, .ino = st->st_ino,
				       .last = path_last(name) };
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
