/* SPDX-License-Identifier: GPL-3.0-or-later */
/* engine.c: the table, made of the rows of engine.h.

   A new engine is a file with x_why_not and x_copy, and a row.  By that, --engine=x
   takes it, and --debug, --stats and --json report it.  plan.c decides which files it
   gets without having been named.  */
#include "config.h"

#include "engine/engine.h"

#include <assert.h>

static_assert(ENGINE_STREAM == ENGINES - 1, "what serves everything is tried last");

#define ENGINE_ROW(ID, id, word, moved, shared) \
	[ENGINE_##ID] = { #id, word, moved, shared, id##_why_not, id##_copy },
const struct engine engines[ENGINES] = { ENGINE_TABLE(ENGINE_ROW) };
