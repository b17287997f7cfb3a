/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_PROGRESSLINE_H
#define MMCP_REPORT_PROGRESSLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How far the work is, in one line.  Pure.  */

struct progressline_facts {
	uint64_t moved, total;	/* bytes; a total of 0 is not known */
	double rate;		/* bytes a second; below 0: not known */
	double left;		/* seconds; below 0: not known */
	uint64_t done, found;	/* files */
	bool searching;		/* and there may be more of them */
	bool flushing;		/* no more moves; DIRTY bytes have still to reach the device */
	uint64_t dirty;
	const char *name;	/* what is being copied, fit for a terminal; or NULL */
	int percent_of_it;	/* how much of that is; below 0: not known */
};

struct progressline_style {
	unsigned columns;	/* no wider than that */
	bool bar;		/* with a bar */
	bool utf8;
	bool colour;
};

/* Write it into BUF of SIZE bytes, which is enough for any width below SIZE / 8.  Its
   width in columns.  */
unsigned
progressline_format(char *buf, size_t size, const struct progressline_facts *facts,
	const struct progressline_style *style);

#endif
