/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_ENGINEREASONS_H
#define MMCP_REPORT_ENGINEREASONS_H

#include "base/reason.h"

/* Why an engine doesn't serve, in words, without a period; NULL for REASON_NONE.  Static
   storage.  */
const char *
reason_text(enum reason reason);

#endif
