/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_AMEND_H
#define MMCP_FILE_AMEND_H

#include "base/error.h"
#include "engine/engine.h"
#include "file/copystate.h"

/* Write what differs of an old file, in place.  */

/* Decide whether TRANSFER, of COPY, amends the old file, and open that for reading.  The
   caller ends it by amend_end.  */
void
amend_begin(const struct copy *copy, struct transfer *transfer);

/* Make the beginning of the old file, as far as both reach, the source's: write blocks
   that differ.  Return 0; or -1 with an error.  dest->whole then says how much is in
   place, from where an engine goes on.  */
int
amend_beginning(struct transfer *transfer, struct error *error);

void
amend_end(const struct copy *copy, const struct transfer *transfer);

#endif
