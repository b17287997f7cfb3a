/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_SEEN_H
#define MMCP_TREE_SEEN_H

#include <stdbool.h>
#include <sys/stat.h>

/* The files that this run has met, by device, inode and name.  */
struct seen;

/* An empty set, or NULL where there is no memory.  */
struct seen *
seen_new(void);

void
seen_free(struct seen *seen);

/* Remember the file ST under NAME, of which the last component counts.  0, or -1 with
   errno.  */
int
seen_add(struct seen *seen, const struct stat *st, const char *name);

/* Whether it was remembered.  */
bool
seen_has(const struct seen *seen, const struct stat *st, const char *name);

/* Whether it was remembered as that very entry of that directory: NAME is a path, and
   so was what was remembered.  */
bool
seen_has_entry(const struct seen *seen, const struct stat *st, const char *name);

#endif
