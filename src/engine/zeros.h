/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_ZEROS_H
#define MMCP_ENGINE_ZEROS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Look at the blocks of BUF, LEN bytes (not 0) that lie at offset AT of a file: bytes
   from its beginning to where blocks of zeros begin, or end.  *ZEROS: those bytes are
   zeros.  A block at either end may be less than a whole one.  */
size_t
zeros_run(const char *buf, size_t len, off_t at, bool *zeros);

#endif
