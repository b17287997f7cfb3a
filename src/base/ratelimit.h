/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_RATELIMIT_H
#define MMCP_BASE_RATELIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One rate limit for parent and workers together.  */

/* Limit this process and all that it forks later to RATE bytes a second (not 0).  Return
   0, or -1 with errno.  */
int
ratelimit_set(uint64_t rate);

/* Return whether there is a limit.  */
bool
ratelimit_is_set(void);

/* BYTES have moved: wait until the limit allows them, or until a signal asks the program
   to end.  */
void
ratelimit_take(uint64_t bytes);

/* Return how many of LEN bytes to move before the next ratelimit_take or
   writebehind_moved: all, or whole pages.  */
size_t
ratelimit_piece(size_t len);

#endif
