/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_FINISH_H
#define MMCP_FILE_FINISH_H

#include "base/error.h"
#include "file/metadata.h"

/* The last step of whatever is made: a file, directory, symlink or special file gets what
   it has besides its bytes.  Its SELinux context isn't among that, since the kernel gives
   it that when it is made (context.h).  */

/* Give TARGET, of META's type, what POLICY keeps of META: owner, attributes, ACL and
   mode, times.  Of a new directory, the permissions that were added or held back while it
   was filled are put right.  Failures are added to REMARKS.  */
void
finish_file(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, struct remarks *remarks);

/* Give the open file TO, which will replace the open file FROM, what overwriting FROM
   would have left to it: owner, attributes, ACL and mode.  File capabilities are removed
   and, unless we are privileged, set-ID bits.  finish_file may follow.  Return 0, or -1
   with an error if anything can't be kept.  */
int
finish_successor(int to, int from, struct error *error);

#endif
