/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_USERFAULT_H
#define MMCP_ENGINE_USERFAULT_H

#include <stddef.h>

/* Supply the missing pages of a file's mapping together with their bytes, by
   userfaultfd(2): a page that is touched instead is cleared first.  It works on tmpfs,
   and needs no privilege for the page faults of the process itself.  */

/* Prepare to supply the pages missing in the shared mapping [ADDR, ADDR+LEN); touching
   one of them raises SIGBUS from now on.  ADDR is on a page boundary, and LEN is rounded
   up to one.  Return a descriptor, which the caller closes; or -1 with errno if that is
   refused (ENOSYS, EPERM; EINVAL for another file system).  */
int
userfault_open(void *addr, size_t len);

/* Supply [DEST, DEST+LEN), whole pages, with the bytes at SOURCE.  Return 0; or -1 with
   errno, after some of them may have been supplied: EEXIST if one existed before, EFAULT
   if a page of the source is unavailable.  */
int
userfault_supply(int fd, void *dest, const void *source, size_t len);

#endif
