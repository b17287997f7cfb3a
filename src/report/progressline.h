/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_PROGRESSLINE_H
#define MMCP_REPORT_PROGRESSLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Progress as a line of text.  It reads no state and prints nothing.  */

struct progressline_facts {
	uint64_t moved, total;	/* bytes; a total of 0 is unknown, or nothing */
	uint64_t done, found;	/* files */
	bool whole;		/* TOTAL and FOUND are all there is */
	double rate;		/* bytes a second; below 0: unknown */
	double elapsed;		/* seconds */
	double left;		/* seconds; below 0: unknown */
	bool flushing;		/* all has moved, and is being written back */
	uint64_t dirty;		/* then the bytes that are not on the device yet */
	bool verifying;		/* all has moved, and is being read back */
	uint64_t unread;	/* then the bytes that are still to be */
	const char *name;	/* of the current file, fit for a terminal; or NULL */
	int percent_of_it;	/* of the current file; below 0: unknown */
};

struct progressline_style {
	unsigned columns;	/* the most that the line may take */
	bool bar;		/* with a bar */
	bool utf8;
	bool colour;
};

/* Return the percentage of all bytes that is done, or of all files if none has any; -1 if
   it is unknown.  */
int
progressline_percent(const struct progressline_facts *facts);

/* Write the line into BUF of SIZE bytes, which limits its columns to SIZE / 8 - 1.
   Return its columns.  */
unsigned
progressline_format(char *buf, size_t size, const struct progressline_facts *facts,
	const struct progressline_style *style);

#endif
