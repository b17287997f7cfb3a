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

/* Read a size as coreutils do: decimal digits and a suffix, K M G T P E for powers
   of 1024 (KiB, MiB ... are the same), KB MB ... for powers of 1000, b for 512 bytes.
   *BYTES is set on UNITS_OK only; at most INT64_MAX.  */
enum units_error
units_parse_size(const char *text, uint64_t *bytes);

/* Format BYTES for people into BUF (of SIZE): "16 MiB", "1.5 GiB", "300 B".  Return
   BUF.  */
const char *
units_format_size(uint64_t bytes, char *buf, size_t size);

/* Format PART as a percentage of ALL, which isn't 0, into BUF (of SIZE): "12%"; "<1%"
   if it is less but not 0, ">99%" if it is nearly all.  Return BUF.  */
const char *
units_format_share(uint64_t part, uint64_t all, char *buf, size_t size);

#endif
