/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_NAMESPACE_H
#define MMCP_BASE_NAMESPACE_H

#include <stdbool.h>

/* Whether our children would be in another PID namespace than we are ("unshare -p"
   without -f).  The first of them would be its init: its end ends the others, takes
   until we have reaped them, and no fork succeeds after it; and they have other numbers
   for each other than we have.  False where it can't be found out.  */
bool
namespace_is_new(void);

#endif
