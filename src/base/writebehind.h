/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_WRITEBEHIND_H
#define MMCP_BASE_WRITEBEHIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Write-back behind the copy, for a slow device: what was written to memory is sent on at
   once, and the copy waits when more than some seconds' worth is on its way.  All
   processes share the limit; each waits for the pieces that it began.  See
   doc/decisions/020-slow-devices.md.  */

/* Before the first fork: make the shared state (dirty.h).  */
void
writebehind_prepare(void);

/* Return how many of LEN bytes to move before the next writebehind_moved: all, or whole
   pages.  */
size_t
writebehind_piece(size_t len);

/* LEN bytes at AT were written to the file FD: send them on, and wait, if that is on.
   Small ones are sent on together.  */
void
writebehind_moved(int fd, off_t at, off_t len);

/* The file that writebehind_moved was called for is about to be closed.  Return 0; or -1
   with errno if it is known that something of it could not be written.  */
int
writebehind_leave(void);

/* To be called at intervals: note which pieces of this process have arrived.  A parent
   whose workers copy has some from before.  */
void
writebehind_look(void);

/* Wait for all pieces that this process began, if any process ever had to wait, until a
   signal asks the program to end.  Return 0; or -1 with errno if something could not be
   written since the last call, and no call of writebehind_leave has said so.  */
int
writebehind_drain(void);

/* In a new process, whose set of counts has NUMBER (totals.h): forget the pieces of the
   one that forked it.  */
void
writebehind_is_worker(unsigned number);

/* So many BYTES are among the first SIZE of the file FD: hold them in this process.  */
void
writebehind_adopt(int fd, off_t size, uint64_t bytes);

#endif
