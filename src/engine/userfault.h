/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_USERFAULT_H
#define MMCP_ENGINE_USERFAULT_H

#include <stddef.h>

/* Pages for a mapping of a file that has none yet, with their bytes in them: what is
   touched instead is cleared first.  By userfaultfd(2), which a file on tmpfs can have,
   and which needs no privilege for the page faults of the process itself.  */

/* Have the pages missing in the shared mapping [ADDR, ADDR+LEN) supplied; to touch one
   of them is a SIGBUS from now on.  ADDR is on a page boundary, and LEN is rounded up
   to one.  A descriptor, to be closed; or -1 with errno where that is refused
   (ENOSYS, EPERM, EINVAL for another file system).  */
int
userfault_open(void *addr, size_t len);

/* Supply [DEST, DEST+LEN), whole pages, with the bytes at SOURCE.  0; or -1 with errno,
   when some of them may be there: EEXIST if one was before, EFAULT if one of the source
   is unavailable.  */
int
userfault_supply(int fd, void *dest, const void *source, size_t len);

#endif
