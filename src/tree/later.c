/* SPDX-License-Identifier: GPL-3.0-or-later */
/* later.c: finish directories at the end.  */
#include "config.h"

#include "tree/later.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/signals.h"
#include "report/entrymessages.h"
#include "tree/finishdir.h"
#include "tree/peerdevice.h"

/* Make room for one more.  Return 0, or -1 with errno.  */
static int
make_room(struct later *later)
{
	if (later->count < later->size)
		return 0;
	const size_t size = 2 * later->size + 64;
	struct later_directory *const directory = realloc(later->directory,
							  size * sizeof *directory);
	if (directory == NULL)
		return -1;
	later->directory = directory;
	later->size = size;
	return 0;
}

void
later_add(struct later *later, const void *packed, size_t len)
{
	unsigned count;		/* of directories, as dirpair_pack writes it */
	char *const copy = malloc(len);

	if (copy == NULL || make_room(later) < 0) {
		report_cannot_copy("", errno);
		free(copy);
		return;
	}
	memcpy(copy, packed, len);
	peerdevice_unpack(copy);
	memcpy(&count, copy, sizeof count);
	struct later_directory *const directory = &later->directory[later->count++];
	directory->depth = count;
	directory->packed = copy;
}

static int
deeper_first(const void *a, const void *b)
{
	const struct later_directory *const x = a, *const y = b;

	return x->depth != y->depth ? (x->depth < y->depth ? 1 : -1) : 0;
}

void
later_finish(struct later *later, struct walk *walk)
{
	if (later->count == 0)
		return;
	qsort(later->directory, later->count, sizeof *later->directory, deeper_first);
	for (size_t i = 0; i < later->count && signals_fatal() == 0; i++) {
		void *const base = arena_top(walk->arena);
		struct dirpair *const dir = dirpair_unpack(walk->arena,
							   later->directory[i].packed);
		if (dir == NULL) {
			report_cannot_copy("", errno);
			continue;
		}
		dir->bare = false;	/* What is read of it needs more.  */
		finishdir(walk, dir);
		for (struct dirpair *each = dir; each != NULL; each = each->above)
			dirpair_close(each);
		arena_pop(walk->arena, base);
	}
}

void
later_free(struct later *later)
{
	for (size_t i = 0; i < later->count; i++)
		free(later->directory[i].packed);
	free(later->directory);
}
