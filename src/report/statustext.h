/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_STATUSTEXT_H
#define MMCP_REPORT_STATUSTEXT_H

#include <stdint.h>
#include <stdio.h>

#include "base/statusfile.h"

/* A reading of a status file, for people and for programs.  It may come from anybody, but
   has passed statusfile_check.  */

/* Write to OUT what STATUS says, as lines for people, at NOW (clock_date).  */
void
statustext_write(FILE *out, const struct statusfile *status, uint64_t now);

/* Write it as one line of JSON, as doc/json.md promises.  */
void
statustext_write_json(FILE *out, const struct statusfile *status, uint64_t now);

/* Print it, as JSON or for people.  */
void
statustext_print(const struct statusfile *status, bool json);

/* Print that no copy is running.  */
void
statustext_none(bool json);

/* Why a status file or a journal can't be read, to be translated.  */
extern const char statustext_damaged[], statustext_of_another_version[];

/* Report that the status file NAME in directory DIR can't be read: ERROR, and ERR if that
   is STATUSFILE_REFUSED.  */
void
statustext_report(const char *dir, const char *name, enum statusfile_error error,
	int err);

#endif
