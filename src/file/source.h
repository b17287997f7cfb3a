/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_SOURCE_H
#define MMCP_FILE_SOURCE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/error.h"
#include "engine/ends.h"
#include "base/pathpair.h"

/* The life of a source (ends.h): opened, and held to what it was.  */

#define SOURCE_CLOSED ((struct source) { .fd = -1 })

/* Open what PAIR names for reading: what was LOOKED at, and nothing that took its name
   since; or, if nobody has looked (NULL), a regular file, and anything else is
   ERROR_GIVEN_BACK.  0, or -1 with an error.  */
int
source_open(struct source *source, const struct pathpair *pair, const struct stat *looked,
	struct error *error);

/* Look at SOURCE again, into *NOW.  0, or -1 with an error.  */
int
source_look(const struct source *source, struct stat *now, struct error *error);

/* Have SOURCE, opened for PAIR, read from its beginning again, where reads stand at a
   position (FUSE: nonseekable).  The descriptor keeps its number.  0, or -1 with an
   error.  */
int
source_rewind(struct source *source, const struct pathpair *pair, struct error *error);

/* Whether size, mtime and ctime of a file are the same in two looks, WAS and IS: then
   nobody has changed it between them, as far as that can be seen.  */
bool
source_is_same(const struct stat *was, const struct stat *is);

/* Whether A and B are one time.  */
bool
source_same_time(struct timespec a, struct timespec b);

/* Close if open.  */
void
source_close(struct source *source);

#endif
