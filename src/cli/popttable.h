/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_POPTTABLE_H
#define MMCP_CLI_POPTTABLE_H

#include <popt.h>

/* Return popt's form of the table of options, in static memory, which popt gives back an
   option of as its index in our table plus 1.  */
const struct poptOption *
popttable_make(void);

#endif
