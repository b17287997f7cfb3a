/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_OPENING_H
#define MMCP_FILE_OPENING_H

#include <stdbool.h>

#include "file/copystate.h"

/* Open the destination of a copy as its order wants: with the SELinux context of the
   copy, the old file's backup made or its name freed.  Each returns 0, or -1 with the
   error of the outcome.  */

/* Return whether the old file is backed up before the new one is made, which has its name
   from the beginning; else it is backed up when the new one is whole.  */
bool
opening_backs_up_first(const struct copy *copy);

/* Open the destination, after the backup if BACKUP_FIRST.  */
int
opening_dest(struct copy *copy, bool backup_first);

/* Give the destination, which is or replaces an old file, the context of the copy.  */
int
opening_relabel(struct copy *copy);

/* Rename the old file to its backup's name.  */
int
opening_back_up(struct copy *copy);

/* Undo that: rename it back or, if the name was never given up (LINKED), remove the
   backup's.  The outcome says whether that worked.  */
void
opening_undo_backup(struct copy *copy, bool linked);

#endif
