/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_QUOTE_H
#define MMCP_REPORT_QUOTE_H

/* Return NAME in quotes that a shell reads back as the same bytes, and that no terminal
   acts upon: coreutils' shell-escape style, always quoted.  What isn't printable in the
   user's locale becomes $'\ooo'.  The string is in one of four static buffers, taken in
   turn, so that a message can have several; without memory it is NAME itself.  errno
   stays.  */
const char *
quote(const char *name);

/* The same, but without quotes where a shell needs none.  */
const char *
quote_if_needed(const char *name);

/* Return NAME unquoted if it is printable, as cp does in some messages; else quoted.  */
const char *
quote_if_unprintable(const char *name);

/* Return WORD, which isn't a file name, in the quotes of the user's language and with the
   escapes of C, as coreutils quote words.  */
const char *
quote_word(const char *word);

/* Return TEXT, an invalid option, between apostrophes as in getopt's messages; if it
   isn't printable, quoted as a name.  */
const char *
quote_option(const char *text);

#endif
