/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dirpack.c: making directory pairs, and moving them to another walker.  */
#include "config.h"

#include "tree/dirpair.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

/* Copy TEXT to *AT, and move *AT behind it.  */
static const char *
store(char **at, const char *text)
{
	const size_t size = strlen(text) + 1;
	char *const copy = memcpy(*at, text, size);

	*at += size;
	return copy;
}

struct dirpair *
dirpair_new(struct arena *arena, struct dirpair *above, const char *name)
{
	struct dirpair *const dir = arena_push(arena, sizeof *dir + strlen(name) + 1);

	if (dir == NULL)
		return NULL;
	*dir = (struct dirpair) { .above = above, .source = -1, .dest = -1,
				  .depth = above->depth + 1, .led = above->led };
	dir->packed = above->packed + sizeof *dir + strlen(name) + 1;
	strcpy(dir->name, name);
	return dir;
}

/* Return the bytes that the strings of a root take.  */
static size_t
root_size(const char *source, const char *dest, const char *path)
{
	return 1 + strlen(source) + 1 + strlen(dest) + 1 + strlen(path) + 1;
}

struct dirpair *
dirpair_new_root(struct arena *arena, const char *source, const char *dest,
	const char *dest_path, int base)
{
	struct dirpair *const dir = arena_push(arena, sizeof *dir
					       + root_size(source, dest, dest_path));

	if (dir == NULL)
		return NULL;
	*dir = (struct dirpair) { .source = -1, .dest = -1, .dest_base = base };
	dir->packed = sizeof(unsigned) + sizeof *dir + root_size(source, dest, dest_path);
	char *at = dir->name;
	store(&at, "");
	dir->source_root = store(&at, source);
	dir->dest_root = store(&at, dest);
	dir->dest_path = store(&at, dest_path);
	return dir;
}

/* ---- packing: a number, then for each directory, root first, itself and its strings
   --- */

size_t
dirpair_packed_size(const struct dirpair *dir)
{
	return dir->packed;
}

/* Write DIR, below those that were packed at *AT before, and move *AT behind it.  */
static void
pack_one(const struct dirpair *dir, char **at)
{
	if (dir->above != NULL)
		pack_one(dir->above, at);
	memcpy(*at, dir, sizeof *dir);
	*at += sizeof *dir;
	store(at, dir->name);
	if (dir->above != NULL)
		return;
	store(at, dir->source_root);
	store(at, dir->dest_root);
	store(at, dir->dest_path);
}

void
dirpair_pack(const struct dirpair *dir, char *to)
{
	const unsigned count = dir->depth + 1;

	memcpy(to, &count, sizeof count);
	to += sizeof count;
	pack_one(dir, &to);
}

/* Return the string at *FROM, and move that behind it.  */
static const char *
fetch(const char **from)
{
	const char *const text = *from;

	*from += strlen(text) + 1;
	return text;
}

/* Make again the directory at *FROM, below ABOVE.  NULL with errno.  */
static struct dirpair *
unpack_one(struct arena *arena, struct dirpair *above, const char **from)
{
	struct dirpair packed, *dir;

	memcpy(&packed, *from, sizeof packed);
	*from += sizeof packed;
	const char *const name = fetch(from);
	if (above != NULL) {
		dir = dirpair_new(arena, above, name);
	} else {
		const char *const source = fetch(from), *const dest = fetch(from);
		dir = dirpair_new_root(arena, source, dest, fetch(from),
				       packed.dest_base);
	}
	if (dir == NULL)
		return NULL;
	packed.above = above;
	packed.source = packed.dest = -1;
	packed.bare = true;
	packed.source_root = dir->source_root;
	packed.dest_root = dir->dest_root;
	packed.dest_path = dir->dest_path;
	memcpy(dir, &packed, offsetof(struct dirpair, name));
	return dir;
}

struct dirpair *
dirpair_unpack(struct arena *arena, const char *from)
{
	struct dirpair *dir = NULL;
	unsigned count;

	memcpy(&count, from, sizeof count);
	from += sizeof count;
	for (unsigned i = 0; i < count; i++)
		if ((dir = unpack_one(arena, dir, &from)) == NULL)
			return NULL;
	return dir;
}

void
dirpair_translate(char *packed, dev_t (*device)(dev_t), int base)
{
	const char *from = packed;
	unsigned count;

	memcpy(&count, from, sizeof count);
	from += sizeof count;
	for (unsigned i = 0; i < count; i++) {
		struct dirpair dir;
		char *const at = packed + (from - packed);
		memcpy(&dir, at, sizeof dir);
		dir.source_st.st_dev = device(dir.source_st.st_dev);
		dir.dest_st.st_dev = device(dir.dest_st.st_dev);
		if (dir.dest_base != AT_FDCWD)
			dir.dest_base = base;
		memcpy(at, &dir, sizeof dir);
		from += sizeof dir;
		/* Its name, and a root's three paths.  */
		for (unsigned text = 0; text < (i == 0 ? 4 : 1); text++)
			fetch(&from);
	}
}
