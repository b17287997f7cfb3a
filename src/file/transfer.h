/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_TRANSFER_H
#define MMCP_FILE_TRANSFER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/counts.h"
#include "base/error.h"
#include "engine/plan.h"
#include "file/dest.h"
#include "file/source.h"

/* Whether it is known that POLICY and the file systems, SOURCE's and DEVICE, leave
   nothing to be tried but copy_file_range.  */
bool
transfer_is_by_kernel(const struct plan_policy *policy, const struct source *source,
	dev_t device);

/* Move all bytes of SOURCE to DEST, both open, as POLICY wants it; with SYNC, mapped
   ones to their device too.  DEVICE is where DEST is, or 0.  PLAN is what was done in
   the end, and COUNTS what it moved.  0, or -1 with an error.  */
int
transfer_bytes(const struct plan_policy *policy, struct plan *plan,
	const struct source *source,
	struct dest_file *dest, dev_t device, bool sync, struct counts *counts,
	struct shares *shares,
	struct error *error);

#endif
