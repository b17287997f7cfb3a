/* SPDX-License-Identifier: GPL-3.0-or-later */
/* salvagecompare.c: --verify of what was salvaged.  No process hashed it, and the source
   can't be read as a whole: so both are read again, but for what is missing.  */
#include "config.h"

#include "engine/salvage.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/signals.h"
#include "base/timer.h"
#include "engine/steps.h"

/* O_DIRECT wants them aligned.  */
_Alignas(SALVAGE_BLOCK) static char ours[STEP], theirs[STEP];

struct difference {
	off_t first;
	uint64_t bytes;
};

/* Read whole blocks of the copy FD at AT, LEN bytes of them.  Return the bytes that there
   are, or -1 with errno.  */
static ssize_t
read_copy(int fd, off_t at, size_t len)
{
	const size_t whole = (len + SALVAGE_BLOCK - 1) / SALVAGE_BLOCK * SALVAGE_BLOCK;
	const size_t blocks = at > INT64_MAX - (off_t) whole ? len : whole;
	ssize_t n;

	do
		n = pread(fd, ours, blocks, at);
	while (signals_retry(n));
	return n > (ssize_t) len ? (ssize_t) len : n;
}

/* Note which of the LEN bytes at AT differ.  */
static void
note(struct difference *difference, off_t at, size_t len)
{
	if (memcmp(ours, theirs, len) == 0)
		return;
	for (size_t i = 0; i < len; i++)
		if (ours[i] != theirs[i] && difference->bytes++ == 0)
			difference->first = at + (off_t) i;
}

/* Compare [AT, END) of SOURCE and COPY.  Return 0, or -1 with an error.  */
static int
compare_range(const struct source *source, int copy, off_t at, off_t end,
	struct difference *difference, struct error *error)
{
	while (at < end) {
		const size_t len = end - at < STEP ? (size_t) (end - at) : STEP;
		timer_check();
		if (signals_fatal() != 0)
			return error_set(error, ERROR_INTERRUPTED, EINTR);
		const ssize_t n = read_copy(copy, at, len);
		if (n <= 0)
			return error_set_at(error, ERROR_VERIFY_READ,
					    n < 0 ? errno : EIO, at);
		const ssize_t got = descriptor_read(source->fd, theirs, (size_t) n, at);
		if (got < n)
			return error_set_at(error, got < 0 ? ERROR_READ
					    : ERROR_VERIFY_CHANGED, got < 0 ? errno : 0,
					    at);
		note(difference, at, (size_t) n);
		at += n;
	}
	return 0;
}

int
salvage_compare(const struct source *source, int copy, const struct missing *missing,
	struct error *error)
{
	struct difference difference = { .bytes = 0 };
	off_t at = 0;

	for (size_t i = 0; i <= missing->count; i++) {
		const off_t end = i < missing->count ? missing->range[i].from
			: missing->size;
		if (compare_range(source, copy, at, end, &difference, error) < 0)
			return -1;
		if (i < missing->count)
			at = missing->range[i].end;
	}
	if (difference.bytes == 0)
		return 0;
	error_set_at(error, ERROR_VERIFY, 0, difference.first);
	error->bytes = difference.bytes;
	return -1;
}
