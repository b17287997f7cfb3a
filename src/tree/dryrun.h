/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_DRYRUN_H
#define MMCP_TREE_DRYRUN_H

#include "tree/entry.h"

/* In a dry run, report what would become of ENTRY, which has content.  Return 0; or -1 if
   it could not be copied, which is reported.  */
int
dryrun_content(const struct session *session, struct entry *entry);

#endif
