/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_HIDDENNAME_H
#define MMCP_BASE_HIDDENNAME_H

/* Make up a name for a file that is to be hidden: ".mmcp-" and 16 hexadecimal digits, the
   first half of which is the effective user ID.  */
enum { HIDDENNAME_SIZE = 24 };
void
hiddenname_make(char name[static HIDDENNAME_SIZE]);

#endif
