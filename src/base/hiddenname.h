/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_HIDDENNAME_H
#define MMCP_BASE_HIDDENNAME_H

/* Make up a name that nobody has or looks for: ".mmcp-" and 16 hexadecimal digits, of
   which the first half is the user's number.  */
enum { HIDDENNAME_SIZE = 24 };
void
hiddenname_make(char name[static HIDDENNAME_SIZE]);

#endif
