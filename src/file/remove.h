/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_REMOVE_H
#define MMCP_FILE_REMOVE_H

#include <sys/stat.h>
#include <sys/types.h>

/* Every removal of a name.  What is ours is known by device and inode, since another
   program may have put its own file under the name that we gave ours.  Nothing here
   follows symlinks.  */

/* Remove NAME from directory DIR, whatever it is: the user wants it replaced, or it is a
   hidden name that we made a moment ago.  Return 1; 0 with ENOENT if there is nothing; or
   -1 with errno.  */
int
remove_any(int dir, const char *name);

/* Remove NAME from directory DIR if it still is the file OURS.  Return 0, or -1 with
   errno, which is ESTALE if it is another file.  */
int
remove_ours(int dir, const char *name, const struct stat *ours);

/* As remove_ours for a random, hidden NAME.  On a file system that isn't trusted, the
   inode number may have changed with a rename (FUSE); there, a file that is like OURS in
   everything else is ours.  */
int
remove_hidden(int dir, const char *name, const struct stat *ours);

/* Remove NAME, a new file whose descriptor is closed, so that its inode is unknown, if it
   is a regular file of SIZE bytes without other names.  */
void
remove_closed(int dir, const char *name, off_t size);

#endif
