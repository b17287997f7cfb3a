/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_MODE_H
#define MMCP_FILE_MODE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/error.h"
#include "file/metadata.h"

/* The permission bits of a copy: those that it is created with, which are never wider
   than the final ones, and the final ones.  */

/* Return the bits to create a file with, before the umask: the final ones if the umask
   alone decides them, else no more than its owner needs until mode_give.  */
mode_t
mode_first(const struct metadata_policy *policy, const struct metadata *meta);

/* The same for a directory of MODE, which its owner has to fill: at least 0700.  */
mode_t
mode_first_directory(const struct metadata_policy *policy, mode_t mode);

/* Give the owner all permissions to the new directory DIR, of mode MADE, unless it has
   them: an odd umask may have withheld some.  Return 0, or -1 with errno.  */
int
mode_let_in(const struct openfile *dir, mode_t made);

/* Give TARGET, which isn't a symlink, its final mode and ACL, unless it has them.  OWNED:
   it has the source's owner.  Failures are added to REMARKS.  */
void
mode_give(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, bool owned, struct remarks *remarks);

/* Give the open file TO the mode in OLD and the ACL of FROM, whose status that is.
   Without privileges, the bits that run a program as its owner or group are cleared, as
   by a write.  Return 0, or -1 with errno.  */
int
mode_copy(int to, int from, const struct stat *old);

#endif
