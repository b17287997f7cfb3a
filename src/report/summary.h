/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_SUMMARY_H
#define MMCP_REPORT_SUMMARY_H

#include "report/event.h"

/* What --stats prints at the end: a sentence, and a table of all that isn't zero.  */
void
summary_print(const struct run_summary *summary);

#endif
