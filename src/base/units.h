/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_UNITS_H
#define MMCP_BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>

/* Sizes as text.  */
enum units_error {
	UNITS_OK,
	UNITS_INVALID,		/* not a number */
	UNITS_BAD_SUFFIX,	/* a number with an unknown suffix */
	UNITS_TOO_LARGE
};

/* Read a size: decimal digits, perhaps with a fraction, and a suffix: K M G T P E for
   powers of 1024 (KiB, MiB ... are the same), KB MB ... for powers of 1000, B for 1.
   Case doesn't matter, but that of B behind KMGTPE: "Mb" are megabits, which nobody can
   have meant to be bytes.  *BYTES is set on UNITS_OK only, rounded down; at most
   INT64_MAX.  */
enum units_error
units_parse_size(const char *text, uint64_t *bytes);

/* The same for bytes a second, with "/s" behind it or without.  */
enum units_error
units_parse_rate(const char *text, uint64_t *bytes);

/* Format BYTES for people into BUF (of SIZE): "16 MiB", "1.5 GiB", "300 B".  Return
   BUF.  */
const char *
units_format_size(uint64_t bytes, char *buf, size_t size);

/* Format N for people into BUF (of SIZE), in groups of three digits: "4711", "30 511".
   Return BUF.  */
const char *
units_format_number(uint64_t n, char *buf, size_t size);

/* Set PERCENT[i] to the whole percents that PART[i] is of all N parts, such that they add
   up to 100; to 0 if all parts are 0.  */
void
units_percents(const uint64_t *part, unsigned n, unsigned *percent);

/* Format PERCENT, which PART is of ALL, into BUF (of SIZE): "12%"; "<1%" if it is 0 and
   PART isn't, ">99%" if it is 100 and PART isn't ALL.  Return BUF.  */
const char *
units_format_percent(unsigned percent, uint64_t part, uint64_t all, char *buf,
	size_t size);

#endif
