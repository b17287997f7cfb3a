/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zeros.c: which blocks need not be written to be read as what they are.  */
#include "config.h"

#include "engine/zeros.h"

#include <string.h>

/* No file system here allocates less than this at a time, and a smaller hole saves
   nothing.  */
enum { BLOCK = 4096 };

static bool
all_zeros(const char *buf, size_t len)
{
	return *buf == 0 && memcmp(buf, buf + 1, len - 1) == 0;
}

size_t
zeros_run(const char *buf, size_t len, off_t at, bool *zeros)
{
	size_t run = 0;

	while (run < len) {
		const size_t left = len - run;
		size_t block = BLOCK - (size_t) ((at + (off_t) run) % BLOCK);
		if (block > left)
			block = left;
		const bool are = all_zeros(buf + run, block);
		if (run == 0)
			*zeros = are;
		else if (are != *zeros)
			break;
		run += block;
	}
	return run;
}
