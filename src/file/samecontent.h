/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_SAMECONTENT_H
#define MMCP_FILE_SAMECONTENT_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/pathpair.h"
#include "engine/policy.h"

/* Compare a source with what stands at its destination: --update=checksum.  */

/* What was found out.  */
struct samecontent {
	off_t same;		/* bytes at the start of both that are the same */
	uint64_t compared;	/* bytes that were read of either */
};

/* Compare the regular files of PAIR, whose statuses are SOURCE and DEST; FOLLOW: DEST is
   the target of a symlink.  Return 1 if their content is the same, 0 if it differs, or if
   that can't be told: DEST can't be read, or either changed meanwhile; -1 with an error
   of the source.  */
int
samecontent_compare(const struct plan_policy *policy, const struct pathpair *pair,
	const struct stat *source, const struct stat *dest, bool follow,
	struct samecontent *found, struct error *error);

/* Return whether FD, whose status is ST, has holes that can be relied on: what is one on
   both sides need not be read.  */
bool
samecontent_has_holes(int fd, const struct stat *st);

#endif
