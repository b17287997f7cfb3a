/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_FILES0_FROM_H
#define MMCP_CLI_FILES0_FROM_H

#include "base/namelist.h"
#include "cli/options.h"

/* Read into *LIST the operands of a run with --files0-from or --files-from: the sources
   that the file names, and behind them the operand that is the destination, if it isn't
   given by -t.  Without a usable source the list is empty.  Names that can't be copied
   are reported and left out.  Return 0, with LIST to be freed while OPTIONS live; or -1
   if something else is wrong, which was reported.  */
int
files0_from_read(struct namelist *list, const struct options *options);

#endif
