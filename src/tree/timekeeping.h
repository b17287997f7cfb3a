/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_TIMEKEEPING_H
#define MMCP_TREE_TIMEKEEPING_H

#include "base/pathpair.h"
#include "tree/session.h"

/* Find out, if that matters to what is replaced, whether the file system that operand
   PAIR is copied to keeps the times that files are given, by a file made there for that.
   If it doesn't, warn that only sizes are compared there.  */
void
timekeeping_look(struct session *session, const struct pathpair *pair);

#endif
