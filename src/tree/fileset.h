/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_FILESET_H
#define MMCP_TREE_FILESET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* A set of files, each by device, inode and the last component of a name.  */
struct fileset;

/* The status of a file that is known by its name alone.  */
extern const struct stat fileset_unknown;

/* Return an empty set, or NULL with errno.  */
struct fileset *
fileset_new(void);

/* Return the names in directory DIR, each of an unknown file; or NULL
   with errno: E2BIG if there are more than *ROOM, which becomes smaller by as many as
   were read.  */
struct fileset *
fileset_read(int dir, size_t *room);

/* Free SET, which may be NULL.  */
void
fileset_free(struct fileset *set);

/* Add the file ST under NAME, unless it is in SET already.  Return 0, or -1 with
   errno.  */
int
fileset_add(struct fileset *set, const struct stat *st, const char *name);

/* Return true if the file ST is in SET under NAME.  */
bool
fileset_has(const struct fileset *set, const struct stat *st, const char *name);

/* Return true if it is, and was added as the same entry of the same directory.  Both
   names are paths from the current directory.  */
bool
fileset_has_entry(const struct fileset *set, const struct stat *st, const char *name);

#endif
