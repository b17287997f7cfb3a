/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_COLUMNS_H
#define MMCP_REPORT_COLUMNS_H

#include <stddef.h>

/* How much room a text takes on a terminal, in the user's locale.  */

/* Return the columns of the first character of TEXT, and set *LEN to its bytes.  A byte
   that is no character takes one column.  */
unsigned
columns_first(const char *text, size_t *len);

/* Return the columns of TEXT.  */
unsigned
columns_of(const char *text);

/* Return the columns of the first LEN bytes of TEXT.  */
unsigned
columns_of_part(const char *text, size_t len);

/* Return how many bytes of TEXT, which isn't empty, are the next of lines that have WIDTH
   columns.  No word is torn, even if it is longer, nor a name in <>, and no line begins
   with punctuation; characters of two columns are words of their own.  Spaces that follow
   the line aren't counted.  */
size_t
columns_fold(const char *text, unsigned width);

#endif
