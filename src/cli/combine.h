/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_COMBINE_H
#define MMCP_CLI_COMBINE_H

#include <stdbool.h>

#include "cli/options.h"

/* What options mean for one another, once all have been met (option.h).  Both functions
   return 0, or -1 if something is wrong, which was reported.  */

/* Check that OPTIONS don't contradict one another.  */
int
combine_check(struct options *options);

/* Return whether OPTIONS take names or patterns from standard input.  */
bool
combine_reads_stdin(const struct options *options);

/* Complete the policies in OPTIONS: with what one option implies for another, and with
   what the environment and the machine say.  */
int
combine_settle(struct options *options);

#endif
