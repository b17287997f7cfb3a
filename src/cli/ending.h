/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_ENDING_H
#define MMCP_CLI_ENDING_H

#include <stdbool.h>

#include "cli/operands.h"
#include "cli/options.h"

/* Return whether progress is to be shown wherever that is.  */
bool
ending_asks_for_progress(const struct options *options);

/* OPERANDS are copied, or a signal ended that: list what failed, and say what was done,
   where the user watches or asked for it.  */
void
ending_print(const struct options *options, const struct operands *operands);

#endif
