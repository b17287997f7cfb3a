/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_PERMISSION_H
#define MMCP_BASE_PERMISSION_H

#include <stdbool.h>

/* As faccessat(2) with our effective IDs.  Return 0, or -1 with errno.  */
int
permission_check(int dir, const char *path, int how);

/* Whether nothing can be renamed or removed in directory DIR (chattr +a).  errno is then
   what a rename would have.  */
bool
permission_only_appends(int dir);

/* Whether NAME in directory DIR can be neither removed nor renamed over, as far as that
   can be known before (a sticky directory, chattr +a or +i).  errno is then what unlink
   would have.  */
bool
permission_is_fixed(int dir, const char *name);

#endif
