/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_JOURNALCOMMAND_H
#define MMCP_FILE_JOURNALCOMMAND_H

#include "base/journal.h"

/* The command that goes on with what this run began, which each of its journals says.  */

/* The command is the ARGC words ARGV, given in the current directory.  A word MORE,
   unless it is NULL, is put behind the first.  A command that is too long is unknown.  */
void
journalcommand_set(int argc, char *const *argv, const char *more);

/* Put it into HEAD, which says that it is unknown if none was set.  */
void
journalcommand_put(struct journal *head);

#endif
