/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_DURABLE_H
#define MMCP_TREE_DURABLE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/pathpair.h"
#include "file/policy.h"

/* --fsync of many files: the first are synced one by one, as a small copy is.  From then
   on files are only written, and at the end the whole file system is synced, which
   reports what went wrong with any of them.  Not below that, since it would write
   everybody else's data, too; nor with --atomic, where a file is synced before it has its
   name.  */
struct durable {
	const struct copy_policy *strict;	/* each file is synced */
	struct copy_policy relaxed;		/* none is */
	int fd;			/* there, from before the first write; or -1 */
	dev_t device;
};

/* Begin to copy by POLICY.  */
void
durable_begin(struct durable *durable, const struct copy_policy *policy);

/* PAIR is about to be copied: note the file system of its destination, if that is the
   first, and an error there is reported by syncfs(2).  */
void
durable_note(struct durable *durable, const struct pathpair *pair);

/* Return the policy for what is copied to DEVICE next.  */
const struct copy_policy *
durable_policy(const struct durable *durable, dev_t device);

/* Everything is copied: sync what isn't.  Return 0; or -1 with errno if something could
   not be written, of which durable_sync_each may know the name.  */
int
durable_sync(struct durable *durable);

/* Sync each regular file and directory from PATH below AT on, called NAME, on its own,
   and report what fails.  Return whether anything did.  */
bool
durable_sync_each(int at, const char *path, const char *name);

void
durable_end(struct durable *durable);

#endif
