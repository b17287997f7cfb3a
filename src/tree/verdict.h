/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_VERDICT_H
#define MMCP_TREE_VERDICT_H

#include "file/outcome.h"
#include "tree/entry.h"

/* Report what came of copying ENTRY, and list the copy in the manifest if it is good: the
   OUTCOME of a copy_file that returned RET.  */
void
verdict_tell(const struct session *session, struct entry *entry,
	const struct copy_outcome *outcome, int ret);

#endif
