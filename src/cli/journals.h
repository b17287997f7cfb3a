/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_JOURNALS_H
#define MMCP_CLI_JOURNALS_H

#include <stdbool.h>
#include <stddef.h>

/* Show the copies with --resume that were interrupted, by their journals, as JSON or for
   people: those to one of the COUNT PATHS, a file or a directory and all below it; and
   those from one of them, if the journal is in the directory of the path or in the
   current one.  Return whether there are any.  */
bool
journals_show(const char *const *paths, size_t count, bool json);

#endif
