/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_HELP_H
#define MMCP_CLI_HELP_H

#include "cli/option.h"

/* Print the options with their help, their names alone, or the version, on standard
   output.  Return OPTION_ENDS.  */
option_take help_options, help_usage, help_version;

#endif
