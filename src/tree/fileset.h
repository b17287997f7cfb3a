/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_FILESET_H
#define MMCP_TREE_FILESET_H

#include <stdbool.h>
#include <sys/stat.h>

/* The files that this run has met, by device, inode and name.  */
struct fileset;

/* An empty set, or NULL where there is no memory.  */
struct fileset *
fileset_new(void);

void
fileset_free(struct fileset *set);

/* Remember the file ST under NAME, of which the last component counts.  0, or -1 with
   errno.  */
int
fileset_add(struct fileset *set, const struct stat *st, const char *name);

/* Whether it was remembered.  */
bool
fileset_has(const struct fileset *set, const struct stat *st, const char *name);

/* Whether it was remembered as that very entry of that directory: NAME is a path, and
   so was what was remembered.  */
bool
fileset_has_entry(const struct fileset *set, const struct stat *st, const char *name);

#endif
