/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_DURABLE_H
#define MMCP_TREE_DURABLE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/pathpair.h"
#include "file/policy.h"

/* --fsync of several files: they are only written, and synced at the end: one by one if
   they are few; else the whole file system is, which reports what went wrong with any of
   them.  Few are not worth that, since it writes everybody else's data, too.  With
   --atomic, files are synced before they get their names (group.h).  Where an error may
   not be reported, each file is synced when it is copied.  */
struct durable {
	const struct copy_policy *strict;	/* each file is synced */
	struct copy_policy relaxed;		/* none is */
	int fd;			/* there, from before the first write; or -1 */
	dev_t device;		/* 0: not known yet */
};

/* Begin to copy by POLICY; SEVERAL files, maybe.  */
void
durable_begin(struct durable *durable, const struct copy_policy *policy, bool several);

/* PAIR is about to be copied: note the file system of its destination, if that is the
   first, and an error there is reported by syncfs(2).  */
void
durable_note(struct durable *durable, const struct pathpair *pair);

/* Return whether syncfs(2) reports any error of a file in DIR, on DEVICE, even of a
   closed one.  */
bool
durable_is_reported(int dir, dev_t device);

/* Return the policy for what is copied to DEVICE next.  */
const struct copy_policy *
durable_policy(const struct durable *durable, dev_t device);

/* Everything is copied: sync the file system if that is worth it.  Return 0 if nothing
   remains to be done; 1 if the files are to be synced one by one; or -1 with errno if
   something could not be written, of which that may know the name.  */
int
durable_sync(const struct durable *durable);

/* Sync the copy of operand PAIR, all that is below it, and the directory that it is in,
   each on its own, and report what fails.  Return whether anything did.  */
bool
durable_sync_operand(const struct pathpair *pair);

void
durable_end(struct durable *durable);

#endif
