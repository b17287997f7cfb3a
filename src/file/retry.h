/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_RETRY_H
#define MMCP_FILE_RETRY_H

#include <stdbool.h>

#include "file/copystate.h"

/* When a copy failed, whether it can succeed in another way, and how it begins again.
   The functions that return int return 0 if it may begin, or -1 with the error of the
   outcome.  */

/* Return whether the new file failed beside the old one, which goes in any case: there
   was no room for both, or the old one can't be replaced while it is there.  */
bool
retry_wants_room(const struct copy *copy);

/* Return whether what failed was our idea, and cp would not have asked for it.  */
bool
retry_may_work_as_cp(const struct copy *copy);

/* Return whether the old file can't be changed: a swap file, a sealed one.  cp, which
   empties it at once, fails when it opens it, and the error becomes cp's.  */
bool
retry_finds_immutable(struct copy *copy);

/* Remove the old file, and begin again.  */
int
retry_remove_old(struct copy *copy);

/* Begin again with the calls of cp alone.  */
int
retry_as_cp(struct copy *copy);

#endif
