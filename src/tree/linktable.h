/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_LINKTABLE_H
#define MMCP_TREE_LINKTABLE_H

#include <stdbool.h>
#include <sys/types.h>

/* Sources that have been copied, by device and inode.  Other names of a file become links
   to its first copy, and no directory given as an operand is copied twice.  */

struct linktable;

enum link_state {
	LINK_COMING,		/* a worker copies it, and may fail */
	LINK_THERE		/* the copy is complete */
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

/* Return an empty table, or NULL with errno.  */
struct linktable *
linktable_new(void);

/* Free LINKS, which may be NULL, and all links in it.  */
void
linktable_free(struct linktable *links);

/* Return the link of source DEV, INO, which the table owns; or NULL.  */
struct link *
linktable_find(const struct linktable *links, dev_t dev, ino_t ino);

/* Remember that source DEV, INO has its copy at PATH below directory BASE; the first
   TRUSTED bytes of PATH are from the user.  Return the link, which the table owns; or
   NULL with errno.  */
struct link *
linktable_add(struct linktable *links, dev_t dev, ino_t ino, int base, const char *path,
	size_t trusted);

/* Remove the link of source DEV, INO, whose copy failed.  */
void
linktable_forget(struct linktable *links, dev_t dev, ino_t ino);

/* Open the directory of LINK's copy with O_PATH.  Symlinks are followed only in the
   part that the user gave, or if FOLLOW.  Return a descriptor for path_close_parent, or
   -1 with errno.  *NAME is the copy's name in that directory, in LINK's memory.  */
int
linktable_open_parent(const struct link *link, bool follow, const char **name);

#endif
