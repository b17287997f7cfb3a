/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_STATUSDIR_H
#define MMCP_BASE_STATUSDIR_H

#include <sys/types.h>

/* The directories of status files: mmcp in $XDG_RUNTIME_DIR; else /run/mmcp for root;
   else /tmp/mmcp-UID.  One serves only if it belongs to the user and nobody else may
   enter it.  */

enum { STATUSDIR_PATH = 4096 };

/* Open the first that serves, making it if need be, and put its name into PATH.  Return a
   descriptor, or -1.  */
int
statusdir_open(char path[static STATUSDIR_PATH]);

/* What is called for each file: its directory, open as DIR, and its name there.  */
typedef void statusdir_visit(void *context, int dir, const char *path, const char *name);

/* Call VISIT with CONTEXT for each file of the user; of all users, if that is root.  */
void
statusdir_each(statusdir_visit *visit, void *context);

#endif
