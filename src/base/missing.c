/* SPDX-License-Identifier: GPL-3.0-or-later */
/* missing.c: the list of what is missing.  */
#include "config.h"

#include "base/missing.h"

void
missing_clear(struct missing *missing, off_t size)
{
	missing->count = 0;
	missing->bytes = 0;
	missing->size = size;
}

void
missing_add(struct missing *missing, off_t from, off_t end)
{
	struct missing_range *const last = missing->count > 0
		? &missing->range[missing->count - 1] : NULL;

	if (from >= end)
		return;
	missing->bytes += (uint64_t) (end - from);
	if (last != NULL && last->end == from)
		last->end = end;
	else
		missing->range[missing->count++] = (struct missing_range) { from, end };
}
