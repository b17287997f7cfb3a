/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hiddenname.c: names for files that don't have their final name yet.  */
#include "config.h"

#include "base/hiddenname.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"

/* Return random bits; early at boot, or where a filter refuses them, bits that were
   not used before.  */
static uint32_t
random_bits(void)
{
	static uint32_t calls;
	uint32_t bits;

	if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) == sizeof bits)
		return bits;
	return (uint32_t) (clock_now() * 2654435761) ^ (uint32_t) getpid() << 12
		^ calls++;
}

void
hiddenname_make(char name[static HIDDENNAME_SIZE])
{
	snprintf(name, HIDDENNAME_SIZE, ".mmcp-%08x%08x", (unsigned) geteuid(),
		 (unsigned) random_bits());
}
