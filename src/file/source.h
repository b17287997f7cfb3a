/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_SOURCE_H
#define MMCP_FILE_SOURCE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/pathpair.h"
#include "engine/ends.h"

/* The life of a source (ends.h).  Its status when it was opened is kept, so that changes
   are noticed.  */

#define SOURCE_CLOSED ((struct source) { .fd = -1 })

/* Open the source of PAIR for reading, if it still is the file of status KNOWN.  If KNOWN
   is NULL, only a regular file is opened, and any failure is ERROR_GIVEN_BACK.  Return 0,
   or -1 with an error.  */
int
source_open(struct source *source, const struct pathpair *pair, const struct stat *known,
	struct error *error);

/* Set *NOW to the present status of SOURCE.  Return 0, or -1 with an error.  */
int
source_stat(const struct source *source, struct stat *now, struct error *error);

/* Go back to the beginning of SOURCE, which was opened for PAIR.  If it can't seek
   (FUSE), it is opened again; the descriptor keeps its number.  Return 0, or -1 with an
   error.  */
int
source_rewind(struct source *source, const struct pathpair *pair, struct error *error);

/* Return whether size, mtime and ctime are the same in WAS and IS, two statuses of a
   file: then it has not changed between them, as far as that can be seen.  */
bool
source_is_same(const struct stat *was, const struct stat *is);

/* Return whether A and B are the same time.  */
bool
source_same_time(struct timespec a, struct timespec b);

/* Close SOURCE if it is open.  */
void
source_close(struct source *source);

#endif
