/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_JSON_H
#define MMCP_REPORT_JSON_H

#include <stdint.h>
#include <stdio.h>

/* Write members of a JSON object to OUT, each with a comma before it.  */

/* Write "KEY":"TEXT".  Bytes of TEXT that are no UTF-8 become U+FFFD; if there are any,
   "KEY_base64" has all of TEXT, too.  */
void
json_text(FILE *out, const char *key, const char *text);

/* Write "KEY":N.  */
void
json_number(FILE *out, const char *key, uint64_t n);

/* Write "KEY":SECONDS, of so many NANOSECONDS.  */
void
json_seconds(FILE *out, const char *key, uint64_t nanoseconds);

/* Begin item I of an array of objects, which has a NUMBER.  */
void
json_begin_item(FILE *out, unsigned i, unsigned number);

#endif
