/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_LOCALE_H
#define MMCP_REPORT_LOCALE_H

/* The user's language, which matters only when something is said or a name is matched.  */

/* Have names and messages as the user's locale has them, from the first call on; before
   it they are those of the C locale.  Whoever asks libc about characters, or for words,
   calls it first. errno stays.  */
void
locale_begin(void);

/* What strerror says of ERR, in the user's language; in static memory, until the next
   call.  */
const char *
locale_reason(int err);

#endif
