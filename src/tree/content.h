/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_CONTENT_H
#define MMCP_TREE_CONTENT_H

#include "tree/walkstate.h"

/* A file's bytes.  Errors are reported here.  */

/* Visit ENTRY, and copy its content if it has any.  Return what remains to be done:
   nothing, to enter a directory, or to wait.  */
enum entry_next
content_visit(struct walk *walk, struct entry *entry);

/* Copy NAME of DIR, whose destination was made by us and has nothing of that name; it was
   not looked at, but is said to be a regular file.  Return 0, whatever came of it; or 1
   if it is to be visited.  */
int
content_copy_fresh(struct walk *walk, struct dirpair *dir, const char *name);

/* Copy the operand PAIR, which may be a small file that has no copy.  Return 0, whatever
   came of it; or 1 if it is to be visited.  */
int
content_copy_operand(struct walk *walk, const struct pathpair *pair);

/* Give the copy HELD of ENTRY, which was not visited, its name, and report the result.
   Return false if ENTRY is to be visited again, since something has happened to that
   name, or there was no room as long as others are held.  */
bool
content_commit(struct walk *walk, struct entry *entry, struct held *held);

/* From now on use the policy for what is copied to DEVICE.  */
void
content_use_policy(struct walk *walk, dev_t device);

#endif
