/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_DESTNEW_H
#define MMCP_FILE_DESTNEW_H

#include <stdbool.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/pathpair.h"
#include "file/deststate.h"

/* A new file: without a name (O_TMPFILE), under a hidden name, or under its own.  The
   functions that return int return 0, or -1 with errno.  */

/* Return whether a file on a file system that is TRUSTED so is opened for reading, too,
   since it may be mapped.  */
bool
destnew_maps(const struct dest_wish *wish, enum fs_trust trusted);

/* Return whether a new file in DIR, on DEVICE (0: unknown), may get its name when it is
   whole.  SELinux labels a file by its name, among other things, when it is made.  */
bool
destnew_may_hide(dev_t device, int dir);

/* Find the directory in which PAIR's new file will be, as dest->dir, and its name there.
   Return 0, or -1 with an error.  */
int
destnew_find_directory(struct dest *dest, const struct pathpair *pair,
	struct error *error);

/* Open a new file with MODE less the umask in dest->dir, without a name or with a hidden
   one, on a file system that is TRUSTED so.  */
int
destnew_open_hidden(struct dest *dest, const struct dest_wish *wish, mode_t mode,
	enum fs_trust trusted);

/* Open a new file in dest->dir as WISH says.  */
int
destnew_open(struct dest *dest, const struct dest_wish *wish);

/* The same by PAIR's whole path, without a descriptor of the directory.  */
int
destnew_open_by_path(struct dest *dest, const struct pathpair *pair,
	const struct dest_wish *wish);

#endif
