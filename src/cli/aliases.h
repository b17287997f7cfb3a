/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_ALIASES_H
#define MMCP_CLI_ALIASES_H

#include <popt.h>

/* Read popt's files into CONTEXT: the aliases of the machine and of the user.  Files that
   aren't regular are ignored.  Never waits for one to be opened.  */
void
aliases_read(poptContext context);

#endif
