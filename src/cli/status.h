/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_STATUS_H
#define MMCP_CLI_STATUS_H

#include "cli/options.h"

/* Print what running copies do, as OPTIONS ask for it: those that an operand concerns, or
   all if there is none.  */
void
status_show(const struct options *options);

#endif
