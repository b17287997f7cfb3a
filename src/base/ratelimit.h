/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_RATELIMIT_H
#define MMCP_BASE_RATELIMIT_H

#include <stddef.h>
#include <stdint.h>

/* No more bytes a second than that, by parent and workers together.  */

/* Hold all, also those forked later, to RATE bytes a second (not 0).  0, or -1 with
   errno.  */
int
ratelimit_set(uint64_t rate);

/* BYTES have moved: wait until they may have.  A signal that ends us ends it.  */
void
ratelimit_take(uint64_t bytes);

/* How much of LEN bytes to move before the next ratelimit_take: whole pages, if not all
   of it.  */
size_t
ratelimit_piece(size_t len);

#endif
