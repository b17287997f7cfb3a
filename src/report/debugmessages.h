/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_DEBUGMESSAGES_H
#define MMCP_REPORT_DEBUGMESSAGES_H

#include "base/counts.h"
#include "base/result.h"

/* Print --debug's lines about a copy on standard output: first cp's; then, if the copy
   succeeded, its engine, what each worker moved, and why it was not a faster engine; and
   how often a changing source was followed.  */
void
report_debug(const struct explanation *explanation, const struct counts *counts,
	const struct shares *shares);

#endif
