/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_REDO_H
#define MMCP_TREE_REDO_H

#include "tree/walkstate.h"

/* A worker died with ENTRY in its hand, and walk->position says what it was about to
   make: remove what it left, so that ENTRY is as it was, or note what can't be removed.
   Only what that worker made is removed.  Then visit ENTRY as content_visit does, unless
   the copy is complete, and other names of the source may be names of it by now.  */
enum entry_next
redo_visit(struct walk *walk, struct entry *entry);

/* Remove what was made for the name at WALK's position, by a worker that died or was
   killed, if that is incomplete.  */
void
redo_clean(struct walk *walk);

/* Give up the directories whose names WALK's position doesn't have, since there was no
   room for them, and report that.  */
void
redo_lose(struct walk *walk);

/* Too many workers died at the next name: report that, and pass over it.  */
void
redo_give_up(struct walk *walk);

#endif
