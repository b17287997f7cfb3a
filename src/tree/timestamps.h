/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_TIMESTAMPS_H
#define MMCP_TREE_TIMESTAMPS_H

#include <stdbool.h>
#include <sys/stat.h>

/* Return true if DEST was modified before SOURCE, on a file system that keeps times in
   units of UNIT nanoseconds: SOURCE's time is truncated to that unit first.  */
bool
timestamps_is_older(const struct stat *dest, const struct stat *source, long unit);

/* Return true if DEST was modified at another time than SOURCE, truncated likewise.  */
bool
timestamps_differ(const struct stat *dest, const struct stat *source, long unit);

/* Return true if some unit, which is two seconds at most, could change these answers.  */
bool
timestamps_is_near(const struct stat *dest, const struct stat *source);

#endif
