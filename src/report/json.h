/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_JSON_H
#define MMCP_REPORT_JSON_H

#include <stdint.h>
#include <stdio.h>

/* Members of a JSON object, each with a comma before it.  */

/* "KEY":"TEXT".  Bytes of TEXT that are no UTF-8 become U+FFFD; if there are any, all
   of it is in "KEY_base64", too.  */
void
json_text(FILE *out, const char *key, const char *text);

/* "KEY":N.  */
void
json_number(FILE *out, const char *key, uint64_t n);

#endif
