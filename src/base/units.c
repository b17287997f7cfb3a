/* SPDX-License-Identifier: GPL-3.0-or-later */
/* units.c: text to sizes and back.  */
#include "config.h"

#include "base/units.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/locale.h"

/* The last four are valid, and always too large.  */
static const char prefixes[] = "KMGTPEZYRQ";

/* Set *FACTOR to the factor that SUFFIX, of LEN bytes, stands for.  */
static enum units_error
parse_suffix(const char *suffix, size_t len, uint64_t *factor)
{
	*factor = 1;
	if (len == 0 || (len == 1 && toupper((unsigned char) *suffix) == 'B'))
		return UNITS_OK;
	const char *const at = strchr(prefixes, toupper((unsigned char) *suffix));
	if (at == NULL)
		return UNITS_BAD_SUFFIX;
	uint64_t base = 1024;
	if (len == 2 && suffix[1] == 'B')	/* "Mb" would be megabits */
		base = 1000;
	else if (len != 1 && (len != 3 || strncasecmp(suffix + 1, "iB", 2) != 0))
		return UNITS_BAD_SUFFIX;
	for (const char *p = prefixes; p <= at; p++)
		if (__builtin_mul_overflow(*factor, base, factor))
			return UNITS_TOO_LARGE;
	return UNITS_OK;
}

/* Return how many digits TEXT begins with.  */
static size_t
digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* Read the size TEXT, behind which END stands.  */
static enum units_error
parse(const char *text, const char *end, uint64_t *bytes)
{
	const size_t whole = digits(text);
	const char *const point = text + whole;
	const size_t behind = *point == '.' ? digits(point + 1) : 0;
	const char *const suffix = behind > 0 ? point + 1 + behind : point;
	uint64_t number = 0, fraction = 0, factor;

	if (whole + behind == 0)
		return UNITS_INVALID;
	const enum units_error error = parse_suffix(suffix, (size_t) (end - suffix),
						    &factor);
	if (error != UNITS_OK)
		return error;
	for (const char *p = text; p < point; p++)
		if (__builtin_mul_overflow(number, 10, &number)
		    || __builtin_add_overflow(number, (uint64_t) (*p - '0'), &number))
			return UNITS_TOO_LARGE;
	/* Of FACTOR, which is 2^60 at most, so that ten of it are no overflow.  */
	for (const char *p = point + behind; p > point; p--)
		fraction = (fraction + (uint64_t) (*p - '0') * factor) / 10;
	if (__builtin_mul_overflow(number, factor, &number)
	    || __builtin_add_overflow(number, fraction, &number) || number > INT64_MAX)
		return UNITS_TOO_LARGE;
	*bytes = number;
	return UNITS_OK;
}

enum units_error
units_parse_size(const char *text, uint64_t *bytes)
{
	return parse(text, text + strlen(text), bytes);
}

enum units_error
units_parse_rate(const char *text, uint64_t *bytes)
{
	const size_t len = strlen(text);
	const bool has_unit = len > 2 && strcasecmp(text + len - 2, "/s") == 0;

	return parse(text, text + len - (has_unit ? 2 : 0), bytes);
}

const char *
units_format_size(uint64_t bytes, char *buf, size_t size)
{
	unsigned power = 0;
	uint64_t unit = 1;

	while (bytes / unit >= 1024 && power < 6) {
		unit *= 1024;
		power++;
	}
	if (power == 0)
		snprintf(buf, size, "%u B", (unsigned) bytes);
	else if (bytes % unit == 0)
		snprintf(buf, size, "%u %ciB", (unsigned) (bytes / unit),
			 prefixes[power - 1]);
	else {
		locale_begin();		/* for the decimal point */
		snprintf(buf, size, "%.1f %ciB", (double) bytes / (double) unit,
			 prefixes[power - 1]);
	}
	return buf;
}

const char *
units_format_number(uint64_t n, char *buf, size_t size)
{
	char digits[24];
	const size_t len = (size_t) snprintf(digits, sizeof digits, "%ju", (uintmax_t) n);
	size_t used = 0;

	for (size_t i = 0; i < len && used + 2 < size; i++) {
		if (i > 0 && (len - i) % 3 == 0 && len > 4)
			buf[used++] = ' ';
		buf[used++] = digits[i];
	}
	buf[used] = '\0';
	return buf;
}

/* Return PART in percents of ALL, which isn't 0.  */
static double
exact_percent(uint64_t part, uint64_t all)
{
	return 100.0 * (double) part / (double) all;
}

void
units_percents(const uint64_t *part, unsigned n, unsigned *percent)
{
	uint64_t all = 0;
	unsigned left = 100;

	for (unsigned i = 0; i < n; i++)
		all += part[i];
	for (unsigned i = 0; i < n; i++) {
		percent[i] = all == 0 ? 0 : (unsigned) exact_percent(part[i], all);
		left -= percent[i] < left ? percent[i] : left;
	}
	/* What is left goes to those that lost most by rounding down.  */
	for (; all != 0 && left > 0; left--) {
		unsigned most = 0;
		double lost = -1;
		for (unsigned i = 0; i < n; i++) {
			const double rest = exact_percent(part[i], all) - percent[i];
			if (rest > lost) {
				lost = rest;
				most = i;
			}
		}
		percent[most]++;
	}
}

const char *
units_format_percent(unsigned percent, uint64_t part, uint64_t all, char *buf,
	size_t size)
{
	if (part > 0 && percent == 0)
		snprintf(buf, size, "<1%%");
	else if (part < all && percent == 100)
		snprintf(buf, size, ">99%%");
	else
		snprintf(buf, size, "%u%%", percent);
	return buf;
}
