/* SPDX-License-Identifier: GPL-3.0-or-later */
/* locale.c: the user's locale, set when it is first needed.  A copy that prints nothing
   saves 0.1 ms (doc/measurements.md#start-up).  */
#include "config.h"

#include "base/locale.h"

#include <errno.h>
#include <locale.h>
#include <stdbool.h>
#include <string.h>
#ifdef ENABLE_NLS
# include <libintl.h>
#endif

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
	setlocale(LC_NUMERIC, "");
#ifdef ENABLE_NLS
	bindtextdomain(PACKAGE, LOCALEDIR);
	textdomain(PACKAGE);
#endif
	errno = saved;
}

const char *
locale_text(const char *text)
{
	locale_begin();
#ifdef ENABLE_NLS
	return gettext(text);
#else
	return text;
#endif
}

const char *
locale_plural(const char *one, const char *many, uintmax_t n)
{
	locale_begin();
#ifdef ENABLE_NLS
	/* What fits into any long; the form depends on the last digits only.  */
	return ngettext(one, many, (unsigned long) (n < 1000000 ? n
						    : n % 1000000 + 1000000));
#else
	return n == 1 ? one : many;
#endif
}

const char *
locale_reason(int err)
{
	locale_begin();
	return strerror(err);
}

void
locale_english_numbers(bool english)
{
	static locale_t numbers;

	if (!english) {
		uselocale(LC_GLOBAL_LOCALE);
		return;
	}
	locale_begin();
	if (numbers == 0)
		numbers = newlocale(LC_NUMERIC_MASK, "C", duplocale(LC_GLOBAL_LOCALE));
	if (numbers != 0)
		uselocale(numbers);
}

const char *
locale_english_reason(int err)
{
	static locale_t c;

	if (c == 0)
		c = newlocale(LC_ALL_MASK, "C", 0);
	return c != 0 ? strerror_l(err, c) : strerror(err);
}
