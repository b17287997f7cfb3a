/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_REFLINK_H
#define MMCP_ENGINE_REFLINK_H

#include "base/counts.h"
#include "base/error.h"
#include "engine/ends.h"
#include "engine/plan.h"

/* Have the file system share all of SOURCE's blocks with DEST.  The bytes are added to
   COUNT_CLONED, and dest->whole follows them.  0; or -1 with an error, ERROR_REFUSED
   if it can't and PLAN has another way: then no byte is in place, and none is counted.  */
int
reflink_copy(const struct plan *plan, const struct source *source, struct dest_file *dest,
	struct counts *counts, struct error *error);

#endif
