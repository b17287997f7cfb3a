/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_RESUMEDATA_H
#define MMCP_FILE_RESUMEDATA_H

#include <sys/types.h>

#include "file/deststate.h"

/* Make the file NAME in directory DIR, instead of what has that name.  Return a
   descriptor, or -1 with errno.  */
int
resumedata_make(int dir, const char *name, mode_t mode);

/* Open the file NAME in DIR, which an earlier run made, and which may be meant to be
   read-only.  Return 0 with a descriptor in *DATA, which is -1 if there is no such file;
   or -1 with errno, if it can't be opened now.  */
int
resumedata_open(int dir, const char *name, int *data);

/* Open the copy DEST once more, as a file of its own.  Return a descriptor, or -1 with
   errno.  */
int
resumedata_open_again(const struct dest *dest);

#endif
