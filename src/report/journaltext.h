/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_JOURNALTEXT_H
#define MMCP_REPORT_JOURNALTEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/journal.h"

/* A journal that no process has, for people and for programs.  It may come from anybody,
   but has passed journal_check.  */

/* Write to OUT, as lines for people, what was copied, how far, and the command to go
   on.  That is left out if another user gave it.  */
void
journaltext_write(FILE *out, const struct journal_reading *reading);

/* Write it as one line of JSON, as doc/json.md promises, at NOW (clock_date).  */
void
journaltext_write_json(FILE *out, const struct journal_reading *reading, uint64_t now);

/* Print it, as JSON or for people.  */
void
journaltext_print(const struct journal_reading *reading, bool json);

/* Report that the journal PATH can't be read: ERROR, and ERR if that is
   JOURNAL_REFUSED.  */
void
journaltext_report(const char *path, enum journal_error error, int err);

#endif
