/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_TIMEKEEPING_H
#define MMCP_TREE_TIMEKEEPING_H

#include <stdbool.h>

#include "base/pathpair.h"
#include "tree/session.h"

/* Find out, if that matters to what is replaced, whether the file system that operand
   PAIR is copied to keeps the times that files are given, by a file made there for that.
   Return true if it is found not to: the caller warns that only sizes are compared
   there.  */
bool
timekeeping_look(struct session *session, const struct pathpair *pair);

#endif
