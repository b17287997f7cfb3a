/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_XATTR_H
#define MMCP_FILE_XATTR_H

#include "base/error.h"
#include "file/metadata.h"

/* Extended attributes, except those that are permissions in disguise (libattr knows them)
   and the SELinux context where POLICY decides that (context.h).  */

/* Give TARGET the attributes of META.  Failures are added to REMARKS as POLICY wants.  */
void
xattr_give(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, struct remarks *remarks);

/* Give the open file TO those attributes of the open file FROM that outlive a write to
   it: file capabilities don't.  Return 0, or -1 with errno.  */
int
xattr_copy_lasting(int to, int from);

#endif
