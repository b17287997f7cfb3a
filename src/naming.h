/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_NAMING_H
#define MMCP_NAMING_H

#include "dest.h"

/* Give DEST, which is DEST_NAMELESS or DEST_HIDDEN and has everything else, its name, in the place
   of what it takes the place of.

   Watchers of a directory (inotify(7), fanotify(7)) take a file for whole when it is closed after
   writing, and are told of it under the name by which it was opened.  What was given its name by a
   link was opened by none.  So it is opened once more, by its name, as dest->named, which is closed
   last.  Where that can't be had, the copy is good all the same.

   To open a file that its owner may not write, its owner is lent the permission for a moment.
   Where a power loss in that moment is not to be seen, it has a hidden name then.

   0, or -1 with errno; the file may have a name then that dest_close will take away.  */
int
naming_give(struct dest *dest);

#endif
