/* SPDX-License-Identifier: GPL-3.0-or-later */
/* units.c: text to sizes and back.  */
#include "config.h"

#include "base/units.h"

#include <stdio.h>
#include <string.h>

/* The last four are valid, and always too large.  */
static const char prefixes[] = "KMGTPEZYRQ";

/* Set *FACTOR to the factor that SUFFIX stands for.  */
static enum units_error
parse_suffix(const char *suffix, uint64_t *factor)
{
	*factor = 1;
	if (*suffix == '\0' || strcmp(suffix, "B") == 0)
		return UNITS_OK;
	if (strcmp(suffix, "b") == 0) {
		*factor = 512;
		return UNITS_OK;
	}
	const char letter = *suffix == 'k' ? 'K' : *suffix;
	const char *const at = strchr(prefixes, letter);
	if (at == NULL)
		return UNITS_BAD_SUFFIX;
	uint64_t base = 1024;
	if (strcmp(suffix + 1, "B") == 0)
		base = 1000;
	else if (suffix[1] != '\0' && strcmp(suffix + 1, "iB") != 0)
		return UNITS_BAD_SUFFIX;
	for (const char *p = prefixes; p <= at; p++)
		if (__builtin_mul_overflow(*factor, base, factor))
			return UNITS_TOO_LARGE;
	return UNITS_OK;
}

enum units_error
units_parse_size(const char *text, uint64_t *bytes)
{
	uint64_t number = 0;
	uint64_t factor;
	enum units_error overflow = UNITS_OK;
	const char *p = text;

	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(number, 10, &number)
		    || __builtin_add_overflow(number, (uint64_t) (*p - '0'), &number))
			overflow = UNITS_TOO_LARGE;
	if (p == text)
		return UNITS_INVALID;
	const enum units_error suffix = parse_suffix(p, &factor);
	if (suffix != UNITS_OK)
		return suffix;
	if (overflow != UNITS_OK || __builtin_mul_overflow(number, factor, &number)
	    || number > INT64_MAX)
		return UNITS_TOO_LARGE;
	*bytes = number;
	return UNITS_OK;
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
	else
		snprintf(buf, size, "%.1f %ciB", (double) bytes / (double) unit,
			prefixes[power - 1]);
	return buf;
}

const char *
units_format_share(uint64_t part, uint64_t all, char *buf, size_t size)
{
	const double percent = 100.0 * (double) part / (double) all;

	if (part > 0 && percent < 0.5)
		snprintf(buf, size, "<1%%");
	else if (part < all && percent >= 99.5)
		snprintf(buf, size, ">99%%");
	else
		snprintf(buf, size, "%.0f%%", percent);
	return buf;
}
