/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_ROOM_H
#define MMCP_CLI_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/operands.h"

/* Whether the destination has room for what is to be copied.  */

/* Note how much room there is for OPERANDS, before anything is copied, or in a dry run.
   CLONES: blocks may be shared.  */
void
room_look(const struct operands *operands, bool clones);

/* BYTES are to be copied in all: warn if there isn't that much room.  Nothing is said
   where old files are replaced or blocks can be shared.  */
void
room_check(uint64_t bytes);

/* Return how many of BYTES that were copied may not be on the device yet; 0 if the
   destination has none, or it is unknown.  */
uint64_t
room_in_memory(uint64_t bytes);

#endif
