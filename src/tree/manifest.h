/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_MANIFEST_H
#define MMCP_TREE_MANIFEST_H

#include <stdbool.h>

#include "engine/hash.h"
#include "tree/entry.h"

/* The manifest (--manifest): a hash of each file as it stands in the destination, by its
   name below the destination directory.  The process that has copied a file hashes it;
   the parent gathers the lines, and writes them in the end.  */

struct manifest;

/* Begin a manifest in FILE, by ALGORITHM, whose library is open, before others are
   forked; without FILE, another rank writes it.  NOCACHE: what is hashed is dropped from
   memory.  NULL with errno.  */
struct manifest *
manifest_new(const char *file, enum hash_algorithm algorithm, bool nocache);

/* ENTRY's copy is complete, or stays as it was: hash and list it, if it is a regular
   file.  Errors are reported.  If SESSION has no manifest, nothing is done.  */
void
manifest_list(const struct session *session, const struct entry *entry);

/* ENTRY's copy failed, or will be made again: whatever was listed under its name is not
   to be.  */
void
manifest_forget(const struct session *session, const struct entry *entry);

/* All is copied: write the file, to the device if SYNC.  Return 0; or -1 with errno: then
   it is as it was before.  */
int
manifest_write(struct manifest *manifest, bool sync);

/* MANIFEST may be NULL.  */
void
manifest_free(struct manifest *manifest);

#endif
