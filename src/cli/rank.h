/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_RANK_H
#define MMCP_CLI_RANK_H

#include "cli/options.h"

/* Be another rank than the first of a copy that OPTIONS describe, until that has ended.
   Errors are reported there.  */
void
rank_serve(const struct options *options);

#endif
