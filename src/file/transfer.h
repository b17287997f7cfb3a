/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_TRANSFER_H
#define MMCP_FILE_TRANSFER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "engine/engine.h"
#include "engine/plan.h"

/* Return whether, by POLICY and by what is known of SOURCE's file system and of DEVICE,
   copy_file_range is the only engine to try; or there is nothing to move.  */
bool
transfer_is_by_kernel(const struct plan_policy *policy, const struct source *source,
	dev_t device);

/* Move all bytes of TRANSFER's source to its destination, both open, by the engine that
   its policy and the files ask for, or the next ones.  DEVICE is where the destination
   is, or 0.  Sets *transfer->plan to what was done in the end.  Return 0, or -1 with an
   error: ERROR_ENGINE if the engine that was named can't serve.  */
int
transfer_bytes(struct transfer *transfer, dev_t device, struct error *error);

#endif
