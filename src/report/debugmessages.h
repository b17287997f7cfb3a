/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_DEBUGMESSAGES_H
#define MMCP_REPORT_DEBUGMESSAGES_H

#include "file/copy.h"

/* The lines of --debug, on standard output.  */

/* --debug's lines on a copy that returned RET: cp's, and if it succeeded the way it
   went, who moved how much, and why not a faster way.  */
void
report_way(const struct copy_policy *policy, int ret, const struct copy_outcome *outcome);

#endif
