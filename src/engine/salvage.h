/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_SALVAGE_H
#define MMCP_ENGINE_SALVAGE_H

#include "base/error.h"
#include "base/missing.h"
#include "engine/engine.h"

/* Copy what can be read of a source that can't be read to its end.  */

/* What can't be read is found down to blocks of so many bytes.  */
enum { SALVAGE_BLOCK = 4096 };

/* Copy what can be read of TRANSFER's source, a file or device of missing->size bytes
   that has offsets, from dest->whole on.  What can't be read is a hole of the copy, or
   zeros where it can have none, and is added to MISSING.  Sets dest->whole to the end of
   what was done, missing->size to where the source turned out to end, if that is before.
   Return 0; or -1 with an error: the copy can't be written, or a signal asks us to
   end.  */
int
salvage_copy(const struct transfer *transfer, struct missing *missing,
	struct error *error);

/* Compare the source's bytes that aren't MISSING with those of the copy, which is open as
   COPY, by O_DIRECT or not.  Return 0; or -1 with an error, ERROR_VERIFY if they
   differ.  */
int
salvage_compare(const struct source *source, int copy, const struct missing *missing,
	struct error *error);

#endif
