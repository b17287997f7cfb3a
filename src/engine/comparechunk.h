/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_COMPARECHUNK_H
#define MMCP_ENGINE_COMPARECHUNK_H

#include <stdatomic.h>

#include "engine/comparestate.h"

/* One chunk of a comparison.  */

/* Compare the chunk at offset START.  *WHERE follows.  Return 1 if something differed, 0
   if not, -1 with an error.  */
int
comparechunk(const struct compare *compare, uint64_t start, _Atomic uint64_t *where,
	struct error *error);

#endif
