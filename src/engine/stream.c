/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stream.c: read and write, in one process and in file order, which serves everything;
   or write from the source's mapping, which saves one of two copies.  */
#include "config.h"

#include <errno.h>
#include <stdint.h>

#include "base/fs.h"
#include "base/ratelimit.h"
#include "base/signals.h"
#include "engine/engine.h"
#include "engine/inorder.h"
#include "engine/sequential.h"

enum reason
stream_why_not(const struct facts *facts)
{
	(void) facts;
	return REASON_NONE;
}

/* Bytes written at a time.  */
enum { STEP = 256 * 1024 };

/* Write [AT, END) from the source's mapping; what is not worth mapping, or has a page
   that is unavailable, by read and write, which have an errno for that.  A
   sequential_move.  */
static off_t
write_from_mapping(struct sequential *s, off_t at, off_t end)
{
	if ((uint64_t) (end - at) < s->transfer->plan->stream.read_below)
		return sequential_read_write(s, at, end);
	while (at < end && !s->ended) {
		const size_t len = ratelimit_piece(end - at < STEP
						   ? (size_t) (end - at) : STEP);
		if (signals_fatal() != 0)
			return error_set(s->error, ERROR_INTERRUPTED, EINTR);
		s->dest->touched = true;
		if (mapping_write(&s->map, s->dest->fd, (uint64_t) at, len) == 0) {
			at += (off_t) len;
			s->written = at;
			sequential_arrived(s, at, (off_t) len, COUNT_READ_WRITE);
		} else if (errno != EFAULT) {
			return error_set_at(s->error, ERROR_WRITE, errno, at);
		} else if ((at = sequential_read_write(s, at, at + (off_t) len)) < 0) {
			return -1;
		}
		if ((uint64_t) at - s->map.from >= MAPPING_KEPT)
			mapping_give_back(&s->map, (uint64_t) at);
	}
	return at;
}

/* Map the source of S, if that can be done; else a buffer does.  */
static void
map_source(struct sequential *s)
{
	const struct source *const source = s->source;
	const struct mapping_wish wish = {
		.source = source->fd, .dest = -1, .size = (uint64_t) source->st.st_size,
		.source_page = fs_huge_page(source->fd, source->st.st_dev),
	};

	if (mapping_open(&s->map, &wish) == 0)
		s->move = write_from_mapping;
}

int
stream_copy(struct transfer *transfer, struct error *error)
{
	struct sequential s = sequential_begin(transfer, sequential_read_write, error);

	s.to_end = true;
	if (transfer->plan->stream.from_mapping && sequential_is_sized(&s))
		map_source(&s);
	return inorder_copy(&s);
}
