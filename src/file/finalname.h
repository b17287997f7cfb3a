/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_FINALNAME_H
#define MMCP_FILE_FINALNAME_H

#include "file/dest.h"

/* Give DEST its final name.  It is DEST_NAMELESS or DEST_HIDDEN and otherwise finished;
   it replaces the old file if dest->takes_place.

   Programs that watch a directory (inotify(7), fanotify(7)) consider a file whole when it
   is closed after writing, and receive that event under the name by which it was opened.
   A file that got its name by a link was opened under none.  So it is opened again by its
   name, as dest->named, which is closed last.  If that fails, the copy is good all the
   same.

   If the mode doesn't let the owner write, the owner gets that permission for a moment,
   to open the file.  Where a power loss must not leave that mode behind, the file has a
   hidden name at that moment.

   Return 0, or -1 with errno; then the file may have a name, which dest_close
   removes.  */
int
finalname_give(struct dest *dest);

#endif
