/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FAILTO_H
#define MMCP_FAILTO_H

#include <stdbool.h>

#include "operands.h"

/* The file that --failed-to names, before it is opened.  */

/* Whether FILE is a source of OPERANDS, or would be written over by the copy of one or, with
   RECURSIVE, by that of a file below one.  Then it was said.  */
bool
failto_clashes(const char *file, struct operands *operands, bool recursive);

#endif
