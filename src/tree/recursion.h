/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_RECURSION_H
#define MMCP_TREE_RECURSION_H

#include <stdbool.h>
#include <sys/stat.h>

#include "tree/entry.h"

/* Return true if the directory ENTRY, whose source is ST, can be copied: not into itself,
   not below itself by a symlink, and not as an operand that was copied already.
   Otherwise the reason is reported.  An operand is remembered in SESSION's links.  */
bool
recursion_is_safe(const struct session *session, const struct entry *entry,
	const struct stat *st);

#endif
