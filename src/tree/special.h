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

/* -l: make NAME of DIR, which is no directory, a name of the source in DIR's destination,
   where nothing has the name.  Return false if it has to be visited.  */
bool
special_link_to_source(const struct session *session, const struct dirpair *dir,
	const char *name);

/* Copy NAME of DIR, which may be a symlink, to DIR's destination, where nothing has the
   name, if nothing but its target is kept.  Return false if it has to be visited.  */
bool
special_copy_symlink(const struct session *session, const struct dirpair *dir,
	const char *name);

#endif
