/* SPDX-License-Identifier: GPL-3.0-or-later */
/* listing.c: names and types, one after the other, in a block for each read.  */
#include "config.h"

#include "base/listing.h"

#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/syscalls.h"

struct listing_block {
	struct listing_block *next;
	size_t size;
	char text[];		/* for each entry: inode number, type, name, NUL */
};

/* Bytes of entries that a directory may have for each byte of its st_size.  The worst is
   12: a name of one byte takes 24 bytes here and 2 of st_size on btrfs
   (doc/measurements.md#directories).  */
enum { EXPANSION = 32, LEAST = 65536 };

/* Return whether all names that were there when the directory was opened have been read.
   Where new names come last, or fill gaps, there were no more than SIZE has room for.
   Elsewhere new names come in between, or st_size says nothing; such a directory is read
   to its end.  */
static bool
is_past(struct listing *listing, int fd, off_t size)
{
	if (listing->endless || listing->seen <= EXPANSION * (uint64_t) size + LEAST)
		return false;
	listing->endless = !fs_appends_names(fd, 0);
	return !listing->endless;
}

/* Copy the entries in BUFFER (N bytes) to BLOCK, which has room for them.  */
static void
fill(struct listing_block *block, const char *buffer, ssize_t n)
{
	block->next = NULL;
	block->size = 0;
	for (ssize_t at = 0; at < n; ) {
		const struct dirent64 *const d = (const void *) (buffer + at);
		const char *const name = d->d_name;
		at += d->d_reclen;
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		const size_t len = strlen(name) + 1;
		const uint64_t ino = d->d_ino;
		char *const entry = block->text + block->size;
		memcpy(entry, &ino, sizeof ino);
		entry[sizeof ino] = (char) d->d_type;
		memcpy(entry + sizeof ino + 1, name, len);
		block->size += sizeof ino + 1 + len;
	}
}

int
listing_read(struct listing *listing, int fd, off_t size)
{
	static _Alignas(struct dirent64) char buffer[65536];
	const ssize_t n = is_past(listing, fd, size) ? 0
		: sys_read_directory(fd, buffer, sizeof buffer);

	if (n <= 0)
		return (int) n;
	struct listing_block *const block = malloc(sizeof *block + (size_t) n);
	if (block == NULL)
		return -1;
	fill(block, buffer, n);
	listing->seen += (size_t) n;
	*(listing->first == NULL ? &listing->first : &listing->last->next) = block;
	listing->last = block;
	return 1;
}

/* Free the first block.  */
static void
drop(struct listing *listing)
{
	struct listing_block *const block = listing->first;

	listing->first = block->next;
	listing->at = 0;
	free(block);
}

const char *
listing_next(struct listing *listing, unsigned char *type)
{
	while (listing->first != NULL && listing->at == listing->first->size)
		drop(listing);
	if (listing->first == NULL)
		return NULL;
	const char *const entry = listing->first->text + listing->at;
	const char *const name = entry + sizeof listing->ino + 1;
	memcpy(&listing->ino, entry, sizeof listing->ino);
	*type = (unsigned char) entry[sizeof listing->ino];
	listing->at += sizeof listing->ino + 1 + strlen(name) + 1;
	return name;
}

void
listing_free(struct listing *listing)
{
	while (listing->first != NULL)
		drop(listing);
}
