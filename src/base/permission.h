/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_PERMISSION_H
#define MMCP_BASE_PERMISSION_H

#include <stdbool.h>

/* As faccessat(2), with the effective IDs.  Return 0, or -1 with errno.  */
int
permission_check(int dir, const char *path, int how);

/* Return whether no name in directory DIR can be renamed or removed (chattr +a); then
   errno is what rename would set.  */
bool
permission_only_appends(int dir);

/* Return whether NAME in directory DIR can be neither removed nor replaced, as far as
   that is known beforehand (a sticky directory, chattr +a or +i); then errno is what
   unlink would set.  */
bool
permission_is_fixed(int dir, const char *name);

#endif
