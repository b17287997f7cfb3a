/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_RELAYRECORD_H
#define MMCP_REPORT_RELAYRECORD_H

#include <stdbool.h>
#include <stdint.h>

/* What both sides of a relay know: how a record begins.  */

enum record_kind { RECORD_LINE, RECORD_FAILURE, RECORD_OUTPUT, RECORD_RAW,
		   RECORD_STATUS, RECORD_QUESTION, RECORD_DIRECTORY, RECORD_LISTED,
		   RECORD_LOGGED, RECORD_CALL };

/* What sends records to the first rank; NULL: they are printed here.  */
extern void (*relay_far)(const void *records, size_t size);

/* Before what a record says.  */
struct record {
	uint32_t size;		/* with this */
	uint16_t kind;
	bool has_subject;
	uint32_t base;		/* of the subject, whose name comes first */
};

#endif
