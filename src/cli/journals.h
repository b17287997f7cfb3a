/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_JOURNALS_H
#define MMCP_CLI_JOURNALS_H

#include <stdbool.h>

/* Show the copies with --resume to PATH, a file or a directory and all below it, that
   were interrupted, by their journals; as JSON or for people.  Return whether there are
   any.  */
bool
journals_show(const char *path, bool json);

#endif
