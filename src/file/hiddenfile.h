/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_HIDDENFILE_H
#define MMCP_FILE_HIDDENFILE_H

#include <sys/stat.h>
#include <sys/types.h>

#include "base/hiddenname.h"


/* Files under hidden names (hiddenname_make), which a run that is killed leaves behind.
   An flock(2) marks those in use.  */

/* Create a file under a hidden NAME in DIR, open for ACCESS (O_RDWR, O_WRONLY), and
   lock it.  A descriptor, or -1 with errno.  */
int
hiddenfile_create(int dir, char name[static HIDDENNAME_SIZE], int access, mode_t mode);

/* Link the open file FD, which has no name, to a hidden NAME in DIR, locked.  0, or -1
   with errno.  */
int
hiddenfile_link(int fd, int dir, char name[static HIDDENNAME_SIZE]);

/* Remove from DIR, among its first 10 000 names, the files of ours that nobody has
   locked.  The functions above do that when the directory is another than the last
   time.  */
void
hiddenfile_sweep(int dir);

/* The sweep leaves the file ST alone, whatever its name: it is being copied.  */
void
hiddenfile_spare(const struct stat *st);

#endif
