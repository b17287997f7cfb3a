/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernel.c: copy_file_range, in one process and in file order.  */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/ratelimit.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "engine/engine.h"
#include "engine/facts.h"
#include "engine/inorder.h"
#include "engine/sequential.h"

/* A step of copy_file_range: short enough to answer a signal between two.  */
#define STEP ((off_t) 64 << 20)

enum reason
kernel_why_not(const struct facts *facts)
{
	const enum reason reason = facts_why_no_files(facts);

	return reason == REASON_NONE && facts->size == 0 ? REASON_NO_SIZE : reason;
}

/* copy_file_range would not go on at AT.  It returns 0 for /proc too, so only the
   size that the file has now shows whether it has ended.  AT if it has; else -1 with an
   error.  */
static off_t
stopped_short(struct sequential *s, int err, off_t at)
{
	struct stat now;

	s->ended = err == ENODATA && fstat(s->source->fd, &now) == 0 && now.st_size <= at;
	return s->ended ? at : error_set_at(s->error, ERROR_REFUSED, err, at);
}

off_t
sequential_copy_range(struct sequential *s, off_t at, off_t end)
{
	while (at < end) {
		off_t in = at, out = at;
		if (signals_fatal() != 0)
			return error_set(s->error, ERROR_INTERRUPTED, EINTR);
		sequential_begin_piece(s, at);
		const off_t step = s->piece > at ? s->piece - at : STEP;
		const size_t len = (size_t) (end - at < step ? end - at : step);
		const ssize_t n = sys_copy_range(s->source->fd, &in, s->dest->fd, &out,
						 ratelimit_piece(len));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && error_is_final(errno))
			return error_set_at(s->error, ERROR_COPY, errno, at);
		if (n <= 0)
			return stopped_short(s, n == 0 ? ENODATA : errno, at);
		s->dest->touched = true;
		at += n;
		s->written = at;
		sequential_arrived(s, at, n, COUNT_KERNEL);
	}
	return at;
}

/* Return whether copy_file_range serves these two files at all.  Asked before an old file
   is changed, where no other engine will do.  */
static bool
serves(const struct transfer *transfer)
{
	const struct dest_file *const dest = transfer->dest;
	off_t in = 0, out = 0;

	return !transfer->plan->exact || dest->form != DEST_IN_PLACE
		|| dest->huge_page != 0
		|| sys_copy_range(transfer->source->fd, &in, dest->fd, &out, 0) == 0;
}

int
kernel_copy(struct transfer *transfer, struct error *error)
{
	if (!serves(transfer))
		return error_set_at(error, ERROR_REFUSED, errno, 0);
	struct sequential s = sequential_begin(transfer, sequential_copy_range, error);
	return inorder_copy(&s);
}
