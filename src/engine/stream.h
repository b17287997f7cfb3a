/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_STREAM_H
#define MMCP_ENGINE_STREAM_H

#include "base/counts.h"
#include "base/error.h"
#include "engine/ends.h"
#include "engine/plan.h"

/* Copy all of SOURCE in file order, here: by copy_file_range if that is PLAN's method,
   else by read and write until end of file, which serves everything.  Holes of a
   regular source are skipped, unless PLAN has them filled; if it makes some, so are
   blocks of zeros.  What was copied is added to COUNTS, and dest->whole follows
   it.  0; or -1 with an error, ERROR_REFUSED if copy_file_range would not do it: then
   dest->whole bytes are in place, and calling again with another method goes on
   there.  */
int
stream_copy(const struct plan *plan, const struct source *source, struct dest_file *dest,
	struct counts *counts, struct error *error);

#endif
