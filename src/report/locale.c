/* SPDX-License-Identifier: GPL-3.0-or-later */
/* locale.c: the user's locale, set when it is first needed.  A copy that prints nothing
   saves 0.1 ms (doc/measurements.md#start-up).  */
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
