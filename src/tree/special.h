/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_SPECIAL_H
#define MMCP_TREE_SPECIAL_H

#include "tree/entry.h"

/* Make ENTRY's copy where that takes one system call: a symlink, a special file or, with
   -l or -s, a link to the source.  What stands under the destination's name is replaced
   if ENTRY and the options say so.  Return ENTRY_DONE; or ENTRY_FAILED, which is
   reported.  */
enum entry_next
special_make(const struct session *session, struct entry *entry);

#endif
