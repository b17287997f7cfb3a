/* SPDX-License-Identifier: GPL-3.0-or-later */
/* locale.c: the user's locale, when it is wanted.  A copy that says nothing does
   without: it takes 20 system calls, 0.1 ms of 1.3 for a file of 1 byte (C.UTF-8,
   6.18).  */
#include "config.h"

#include "report/locale.h"

#include <errno.h>
#include <locale.h>
#include <stdbool.h>
#include <string.h>

void
locale_begin(void)
{
	static bool begun;
	const int saved = errno;

	if (begun)
		return;
	begun = true;
	/* Each category costs 4 calls, and there are 12.  */
	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "");
	errno = saved;
}

const char *
locale_reason(int err)
{
	locale_begin();
	return strerror(err);
}
