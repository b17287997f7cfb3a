/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_HASHFILE_H
#define MMCP_ENGINE_HASHFILE_H

#include <sys/stat.h>

#include "engine/hash.h"

/* Hash the whole regular file FD, of status ST, by HASH, and set DIGEST as hash_end does.
   Holes are hashed as the zeros that they are read as, without being read.  Return 0; or
   -1 with errno, EINTR if a signal asks us to end.  */
int
hashfile_digest(struct hash *hash, int fd, const struct stat *st,
	unsigned char digest[static HASH_BYTES]);

#endif
