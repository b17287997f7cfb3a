/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_FAILTO_H
#define MMCP_CLI_FAILTO_H

#include <stdbool.h>

#include "cli/operands.h"

/* Checks on the file that --failed-to names, made before it is opened.  */

/* Return whether FILE is a source of OPERANDS, or would be overwritten by the copy of
   one, or, with RECURSIVE, of a file below one.  If so, the error has been reported.  */
bool
failto_clashes(const char *file, struct operands *operands, bool recursive);

#endif
