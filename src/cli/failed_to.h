/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_FAILED_TO_H
#define MMCP_CLI_FAILED_TO_H

#include <stdbool.h>

#include "cli/operands.h"

/* Open FILE for the names of sources that fail (failures_to), unless it is a source of
   OPERANDS, or would be overwritten by the copy of one, or, with RECURSIVE, of a file
   below one.  Return 0, or -1 if something is wrong, which was reported.  */
int
failed_to_open(const char *file, struct operands *operands, bool recursive);

#endif
