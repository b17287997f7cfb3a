/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_AGE_H
#define MMCP_AGE_H

#include <stdbool.h>
#include <sys/stat.h>

/* Whether DEST was modified before SOURCE was.  With KEPT, DEST may be an earlier copy that was
   given SOURCE's time, as exactly as its file system can keep it: that counts as the same.  */
bool
age_is_older(const struct stat *dest, const struct stat *source, bool kept);

#endif
