/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_LAYOUT_H
#define MMCP_FILE_LAYOUT_H

#include <sys/stat.h>
#include <sys/types.h>

#include "file/metadata.h"

/* The layout of a file on Lustre: which servers have it, in stripes of how many bytes
   (base/stripe.h).  A file gets one before its first byte, or never; and only if it was
   created by a call that leaves it without one.  */

/* The next new files, until layout_forget, are copies of the open file FD, of status ST:
   they get its layout, if attributes are kept.  */
void
layout_prepare(const struct metadata_policy *policy, int fd, const struct stat *st);

void
layout_forget(void);

/* Create the file NAME in DIR, open for ACCESS (O_WRONLY or O_RDWR), with MODE; it has
   the layout that was prepared, where that is allowed.  Return a descriptor, or -1 with
   errno.  */
int
layout_create(int dir, const char *name, int access, mode_t mode);

#endif
