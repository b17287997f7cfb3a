/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_JSONLINES_H
#define MMCP_REPORT_JSONLINES_H

#include "report/event.h"
#include "report/message.h"

/* The lines of --json: doc/json.md, and doc/json.schema for programs.  */

/* Print what became of one name.  */
void
jsonlines_file(const struct event *event);

/* Print FAILURE with its TEXT.  SOURCE, or NULL, was being copied.  */
void
jsonlines_error(const struct failure *failure, const char *text, const char *source);

/* Print the last line.  */
void
jsonlines_summary(const struct run_summary *summary);

#endif
