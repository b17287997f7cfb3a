/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_MMAP_H
#define MMCP_ENGINE_MMAP_H

#include <stdbool.h>

#include "base/counts.h"
#include "base/error.h"
#include "engine/ends.h"
#include "engine/plan.h"

/* Copy a regular SOURCE that has a size into an open regular DEST through two mappings,
   by plan->workers forked workers; with SYNC, wait for the device and hear its errors.
   0, with the workers' shares in *COUNTS and *SHARES; or -1 with an error, ERROR_REFUSED if mappings
   or workers can't be had; dest->whole then says how many bytes at its start are in
   place.  */
int
mmap_copy(const struct plan *plan, const struct source *source, struct dest_file *dest,
	  bool sync, struct counts *counts, struct shares *shares, struct error *error);

#endif
