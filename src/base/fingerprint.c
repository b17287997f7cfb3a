/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fingerprint.c: whether two processes were given the same words.  */
#include "config.h"

#include "base/fingerprint.h"

static uint64_t
add_byte(uint64_t sum, unsigned char byte)
{
	return (sum ^ byte) * 0x100000001b3;
}

uint64_t
fingerprint_add(uint64_t sum, const char *word)
{
	for (; *word != '\0'; word++)
		sum = add_byte(sum, (unsigned char) *word);
	return add_byte(sum, '\0');
}

uint64_t
fingerprint_add_number(uint64_t sum, uint64_t number)
{
	for (unsigned shift = 0; shift < 64; shift += 8)
		sum = add_byte(sum, (unsigned char) (number >> shift));
	return sum;
}
