/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_UNITS_H
#define MMCP_BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>

enum units_error {
	UNITS_OK,
	UNITS_INVALID,		/* not a number at all */
	UNITS_BAD_SUFFIX,	/* a number, and then something unknown */
	UNITS_TOO_LARGE
};

/* Read a size as coreutils do: decimal digits and a suffix, K M G T P E for powers
   of 1024 (KiB, MiB ... are the same), KB MB ... for powers of 1000, b for 512 bytes.
   *BYTES is set on UNITS_OK only; at most INT64_MAX.  */
enum units_error
units_parse_size(const char *text, uint64_t *bytes);

/* Write BYTES for a person into BUF (of SIZE): "16 MiB", "1.5 GiB", "300 B".  BUF.  */
const char *
units_format_size(uint64_t bytes, char *buf, size_t size);

/* Write what PART is of ALL, which is not 0, into BUF (of SIZE): "12%"; "<1%" for little
   that isn't nothing, ">99%" for nearly all.  BUF.  */
const char *
units_format_share(uint64_t part, uint64_t all, char *buf, size_t size);

#endif
