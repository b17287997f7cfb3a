/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_STATUSES_H
#define MMCP_STATUSES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/statusfile.h"

/* Return the status of a copy of two files by two workers.  */
static inline struct statusfile
statuses_sample(void)
{
	static const char sources[] = "/a/one\0/a/two";
	struct statusfile status = {
		.magic = STATUSFILE_MAGIC, .order = STATUSFILE_ORDER,
		.version = STATUSFILE_VERSION, .size = sizeof status,
		.began = UINT64_C(1800000000000000000),
		.updated = UINT64_C(1800000014000000000), .elapsed = 14000000000,
		.moved = 1 << 20, .total = 4 << 20, .rate = 100000, .left = 31000000000,
		.done = 1, .found = 2, .whole = 1, .pid = 42, .processes = 2,
		.workers = 2, .sources = 2, .sources_len = sizeof sources,
		.dest = "/b", .worker = {
			{ .moved = 300000, .number = 1, .where = "a/two" },
			{ .moved = 700000, .number = 2, .doing = STATUSFILE_WAITS },
		},
	};

	memcpy(status.source, sources, sizeof sources);
	return status;
}

/* Have LEN bytes at DATA read as a status file, and shown in each form.  Return 0.  */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#endif
