/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_LINKTABLE_H
#define MMCP_TREE_LINKTABLE_H

#include <stdbool.h>
#include <sys/types.h>

/* What has been copied already, by device and inode of the source, so that its other
   names become links to the first copy; and which directories we have made or come
   from, so that none is copied into itself.  */

struct linktable;

enum link_state {
	LINK_COMING,		/* a worker has it; it may yet fail */
	LINK_THERE
};

/* One source, and the name that its copy has.  */
struct link {
	dev_t dev;
	ino_t ino;
	enum link_state state;
	int base;	/* the directory that path is relative to, or AT_FDCWD */
	size_t trusted;	/* bytes of path from the user: symlinks in them are followed */
	char path[];
};

/* An empty table, or NULL where there is no memory.  */
struct linktable *
linktable_new(void);

void
linktable_free(struct linktable *links);

/* What was remembered of source DEV, INO; NULL: nothing.  */
struct link *
linktable_find(const struct linktable *links, dev_t dev, ino_t ino);

/* Remember the copy PATH below directory BASE, of which the first TRUSTED bytes are the
   user's.  The table owns what it returns; NULL with errno.  */
struct link *
linktable_add(struct linktable *links, dev_t dev, ino_t ino, int base, const char *path,
	size_t trusted);

/* Forget a source whose copy came to nothing.  */
void
linktable_forget(struct linktable *links, dev_t dev, ino_t ino);

/* Open by O_PATH the directory in which LINK's copy is, through no symlink below what
   the user gave unless FOLLOW.  Return a descriptor for path_close_parent, or -1 with
   errno.  *NAME is its name there, in LINK's memory.  */
int
linktable_open_parent(const struct link *link, bool follow, const char **name);

#endif
