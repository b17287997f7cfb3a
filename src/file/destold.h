/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_DESTOLD_H
#define MMCP_FILE_DESTOLD_H

#include "base/error.h"
#include "base/pathpair.h"
#include "file/deststate.h"

/* An old file that is overwritten in place: a regular file, pipe, terminal or device.  */

/* Open the old file of PAIR as WISH says.  Return 0, or -1 with an error.  */
int
destold_open(struct dest *dest, const struct pathpair *pair, const struct dest_wish *wish,
	struct error *error);

/* Open PAIR's old file with FLAGS and O_NONBLOCK: a lease on it is waited for, but no
   FIFO that took its name.  To write, only on file systems where O_NONBLOCK doesn't
   change how a regular file is opened.  Return a descriptor, or -1 with errno.  */
int
destold_open_unblocked(const struct pathpair *pair, int flags);

/* Empty the old file, which is open.  Return 0, or -1 with errno.  */
int
destold_empty(struct dest *dest);

#endif
