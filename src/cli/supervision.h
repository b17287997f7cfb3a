/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_SUPERVISION_H
#define MMCP_CLI_SUPERVISION_H

#include "cli/options.h"

/* What is done before anything is copied: make sure that all standard streams are open,
   and start a supervisor (supervisor.h) if a file system may not answer.  */

/* Open the list of devices that may be mounted, and those standard streams that are
   closed.  Return a descriptor of the list, or -1 without /sys.  */
int
supervision_open(void);

/* Start a supervisor if a file system that OPTIONS names may not answer, according to the
   list DEVICES.  No request has been made to a file system by then, so a signal ends us
   at once.  */
void
supervision_keep(const struct options *options, int devices);

/* Close DEVICES, if it is open.  */
void
supervision_close(int devices);

#endif
