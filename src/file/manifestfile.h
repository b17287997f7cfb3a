/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_MANIFESTFILE_H
#define MMCP_FILE_MANIFESTFILE_H

#include <stdbool.h>

#include "engine/hash.h"

/* The file of a manifest: lines that xxhsum -c, sha256sum -c or b2sum -c takes, sorted by
   name.  It appears when it is complete, in place of one that was there.  */

struct manifestfile;

/* Begin FILE, for hashes by ALGORITHM; the string has to stay.  What isn't a regular
   file, as a pipe, is opened now, and written to in the end.  NULL with errno if it can't
   be written.  */
struct manifestfile *
manifestfile_new(const char *file, enum hash_algorithm algorithm);

/* List NAME, which has fewer than PATH_MAX bytes, with DIGEST, in place of what was said
   of it before; NULL: don't list it.  Return 0; or -1 with errno, which
   manifestfile_write returns again.  */
int
manifestfile_add(struct manifestfile *manifest, const char *name,
	const unsigned char *digest);

/* Write the file, and give it its name.  SYNC: it is to be on the device then.  Return 0;
   or -1 with errno: then a regular file is as it was before.  */
int
manifestfile_write(struct manifestfile *manifest, bool sync);

/* MANIFEST may be NULL.  */
void
manifestfile_free(struct manifestfile *manifest);

#endif
