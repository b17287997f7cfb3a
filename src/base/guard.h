/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_GUARD_H
#define MMCP_BASE_GUARD_H

#include <stddef.h>

/* Work on mapped files that survives a page that is unavailable, for which the kernel
   sends SIGBUS: the file was cut, a disk is full or broken.  */

/* What is done to LEN bytes of both.  Nothing that it holds is released if a page is
   unavailable.  */
typedef void guard_work(char *dest, const char *source, size_t len, void *context);

/* Make SIGBUS end a guard_run instead of the process.  Once in a process.  */
void
guard_install(void);

/* Do WORK with CONTEXT.  Return 0; or -1 if a page of [DEST, DEST+LEN) or [SOURCE,
   SOURCE+LEN) was unavailable and ended it.  Then any part of it may have been done.  */
int
guard_run(guard_work *work, char *dest, const char *source, size_t len, void *context);

/* Copy LEN bytes from SOURCE to DEST.  Return as guard_run.  */
int
guard_copy(void *dest, const void *source, size_t len);

#endif
