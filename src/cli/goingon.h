/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_GOINGON_H
#define MMCP_CLI_GOINGON_H

#include "cli/operands.h"
#include "cli/options.h"

/* With --resume, before anything is copied: note the command that goes on if this run is
   interrupted, for the journals.  */
void
goingon_note(const struct options *options, const struct operands *operands);

#endif
