/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_HIDDENFILE_H
#define MMCP_FILE_HIDDENFILE_H

#include <sys/stat.h>
#include <sys/types.h>

#include "base/hiddenname.h"

/* Files under hidden names (hiddenname.h).  A run that is killed leaves them behind, and
   a later run removes them.  An flock(2) marks those in use.  */

/* Create a file under a hidden NAME in DIR, open for ACCESS (O_RDWR, O_WRONLY), and lock
   it.  Return a descriptor, or -1 with errno.  */
int
hiddenfile_create(int dir, char name[static HIDDENNAME_SIZE], int access, mode_t mode);

/* Link the open file FD, which has no name, to a hidden NAME in DIR, and lock it.  Return
   0, or -1 with errno.  */
int
hiddenfile_link(int fd, int dir, char name[static HIDDENNAME_SIZE]);

/* Remove from DIR the user's hidden files that are not locked, among its first 10 000
   names.  The functions above do that when DIR is another directory than the last
   time.  */
void
hiddenfile_sweep(int dir);

/* Never remove the file ST, whatever its name: it is being copied.  */
void
hiddenfile_spare(const struct stat *st);

#endif
