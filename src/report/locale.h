/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_LOCALE_H
#define MMCP_REPORT_LOCALE_H

/* The user's language, which matters only for messages and for matching names.  */

/* Set the user's locale on the first call; before it, the locale is C.  Call this before
   asking libc about characters or for texts.  errno stays.  */
void
locale_begin(void);

/* Return strerror's text for ERR in the user's language.  Static storage, valid until
   the next call.  */
const char *
locale_reason(int err);

#endif
