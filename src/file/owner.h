/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_OWNER_H
#define MMCP_FILE_OWNER_H

#include "base/error.h"
#include "file/metadata.h"

/* User and group of a copy.  */

enum owner_result {
	OWNER_GIVEN,
	OWNER_NOT_GIVEN,
	OWNER_UNTOUCHABLE	/* an old file whose mode can't be changed, either */
};

/* Give TARGET the user and group of META, or the group alone.  Failures are added to
   REMARKS; without privileges, being refused is none.  An old file first loses the
   permissions that its new owner must not have.  */
enum owner_result
owner_give(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, struct remarks *remarks);

/* Give the open file TO, of status NOW, the user and group in OLD.  Return 0, or -1 with
   errno.  */
int
owner_copy(int to, const struct stat *now, const struct stat *old);

#endif
