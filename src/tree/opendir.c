/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opendir.c: the directories of a walk that are open, as far as descriptors suffice.  */
#include "config.h"

#include "tree/opendir.h"

#include <errno.h>
#include <fcntl.h>

#include "tree/dirpair.h"
#include "tree/level.h"

/* The lowest levels that stay open when descriptors run out.  */
enum { LEVELS_OPEN = 8 };

/* Close the directories between the operand and the lowest ones, and small files.  They
   are opened again when they are needed.  */
static void
close_levels(struct walk *walk)
{
	const unsigned open = walk->budget / 4 < LEVELS_OPEN ? walk->budget / 4
		: LEVELS_OPEN;
	struct level *level = walk_level(walk);

	smallfile_end(&walk->smallfile);
	linktable_close_parent(walk->session->links);
	for (unsigned i = 0; level != NULL && i < open; i++)
		level = level->above;
	for (; level != NULL && level->above != NULL; level = level->above)
		if (level->dir != NULL && level->dir->above != NULL)
			dirpair_close(level->dir);
}

void
opendir_make_room(struct walk *walk)
{
	if (dirpair_open_count() + 2 > walk->budget)
		close_levels(walk);
}

int
opendir_at(struct walk *walk, int at, const char *name, bool follow, int *path_only)
{
	const int flags = O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW);
	int fd = openat(at, name, O_RDONLY | flags);

	if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
		close_levels(walk);
		fd = openat(at, name, O_RDONLY | flags);
	}
	*path_only = 0;
	if (fd < 0 && errno == EACCES) {
		*path_only = errno;
		fd = openat(at, name, O_PATH | flags);
	}
	if (fd >= 0)
		dirpair_count(1);
	return fd;
}
