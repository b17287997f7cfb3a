/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_FINGERPRINT_H
#define MMCP_BASE_FINGERPRINT_H

#include <stdint.h>

/* The sum of no words.  */
#define FINGERPRINT_NONE UINT64_C(0xcbf29ce484222325)

/* Return the sum of the words that SUM is that of, and WORD (FNV-1a, of 64 bits).  */
uint64_t
fingerprint_add(uint64_t sum, const char *word);

/* The same with NUMBER as a word.  */
uint64_t
fingerprint_add_number(uint64_t sum, uint64_t number);

#endif
