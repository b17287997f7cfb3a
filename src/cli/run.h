/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_RUN_H
#define MMCP_CLI_RUN_H

#include "cli/options.h"

/* Copy everything that OPTIONS name, and report what became of it.  What goes wrong is
   reported and in the exit status.  */
void
run_copies(const struct options *options);

#endif
