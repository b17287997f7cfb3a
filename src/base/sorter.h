/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_SORTER_H
#define MMCP_BASE_SORTER_H

#include <stddef.h>
#include <stdint.h>

/* Sort any number of records by their keys in little memory: what doesn't fit is written
   to a file in sorted runs, which are merged at the end.  */

/* A record, followed by its key, and that by its value.  */
struct sorter_record {
	uint64_t number;	/* the order in which they were added */
	uint32_t key, value;	/* bytes of each */
	char bytes[];
};

enum { SORTER_RECORD_MOST = 8192 };	/* bytes of key and value together */

struct sorter;

/* Begin with no records.  Up to ROOM bytes (128 KiB or more) are kept in memory.  OPEN is
   called with CONTEXT when a file is needed for others: it returns one that is open for
   reading and writing, and empty, and which the sorter closes; or -1 with errno.  NULL
   with errno.  */
struct sorter *
sorter_new(size_t room, int (*open)(void *context), void *context);

/* Add a record.  Return 0; or -1 with errno, for this and all that are added later.  */
int
sorter_add(struct sorter *sorter, const void *key, size_t key_len, const void *value,
	size_t value_len);

/* Call VISIT with CONTEXT and each record in the order of their keys, bytewise; of those
   with the same key, only with the one that was added last.  It may return -1 with errno,
   which ends that.  Return 0, or -1 with errno.  Nothing may be added after that.  */
int
sorter_visit(struct sorter *sorter,
	int (*visit)(void *context, const struct sorter_record *record), void *context);

/* SORTER may be NULL.  */
void
sorter_free(struct sorter *sorter);

#endif
