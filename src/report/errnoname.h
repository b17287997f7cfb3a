/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_ERRNONAME_H
#define MMCP_REPORT_ERRNONAME_H

/* Return the name of ERR, an errno: "ENOSPC"; "UNKNOWN" if it has none.  Static
   storage.  */
const char *
errnoname(int err);

#endif
