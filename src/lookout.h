/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_LOOKOUT_H
#define MMCP_LOOKOUT_H

#include "options.h"

/* The first and the last thing that is done before anything is copied: see that all standard
   streams are there, and that somebody watches (watch.h) where a file system may not answer.  */

/* Open the list of what may be mounted, and whatever is missing of the standard streams.  A
   descriptor, or -1 where there is no /sys.  */
int
lookout_open(void);

/* Have somebody watch us if what OPTIONS names may not answer, by the list that is open as DEVICES;
   until then, and for as long as no file system is asked anything, a signal ends us at once.  */
void
lookout_keep(const struct options *options, int devices);

/* Close DEVICES, if it is open.  */
void
lookout_close(int devices);

#endif
