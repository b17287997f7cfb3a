/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_ZEROS_H
#define MMCP_ENGINE_ZEROS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Return how many bytes at the beginning of BUF are blocks of zeros or, if there are
   none, how many precede the first such block; *ZEROS says which.  BUF has LEN bytes (not
   0) from offset AT of a file.  The blocks at both ends may be partial.  */
size_t
zeros_run(const char *buf, size_t len, off_t at, bool *zeros);

#endif
