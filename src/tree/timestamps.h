/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_TIMESTAMPS_H
#define MMCP_TREE_TIMESTAMPS_H

#include <stdbool.h>
#include <sys/stat.h>

/* Whether DEST was modified before SOURCE was, where times are kept in UNIT
   nanoseconds: an earlier copy that was given SOURCE's time has only so much of it.  */
bool
timestamps_is_older(const struct stat *dest, const struct stat *source, long unit);

/* Whether DEST was modified at another time than SOURCE; likewise.  */
bool
timestamps_differ(const struct stat *dest, const struct stat *source, long unit);

/* Whether UNIT, two seconds at most, could make a difference to that.  */
bool
timestamps_is_near(const struct stat *dest, const struct stat *source);

#endif
