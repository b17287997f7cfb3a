/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mmap_worker.c: what a worker of mapcopy does with a file that is mapped twice.  It
   claims a chunk from the cursor and copies it by windows, each in the way that is
   planned, or by hand.  */
#include "config.h"

#include "engine/mmap_worker.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/crew.h"
#include "base/descriptor.h"
#include "base/memory.h"
#include "base/ratelimit.h"
#include "base/syscalls.h"
#include "base/totals.h"
#include "engine/allocate.h"
#include "engine/dropbehind.h"
#include "engine/extent.h"
#include "engine/pagecache.h"
#include "engine/userfault.h"

struct worker {
	const struct mmap_job *job;
	struct slot *slot;
	struct extent data;	/* the data found last; may lie beyond the chunk */
	uint64_t hole;		/* from here to its start there is none */
	bool writer;		/* moves its bytes by copy_file_range, while that serves */
	struct mapping_pair *map;	/* its own, since it was forked */
	uint64_t moved;		/* bytes, when it last gave its mappings back */
	struct dropbehind drop;
	struct direct_queue *queue;	/* where mappings are not used */
	int supply;		/* for pages of the destination; -1: they are touched */
};

/* On a page: the processor copies faster to and from there.  */
_Alignas(4096) static char buffer[256 * 1024];

/* Where a chunk that begins at START ends.  What is known to be a hole is one chunk,
   however long.  */
static uint64_t
chunk_end(const struct worker *w, uint64_t start)
{
	const uint64_t chunk = w->job->plan->chunk;
	uint64_t end = start + chunk;

	if (start >= w->hole && end < (uint64_t) w->data.start)
		end = (uint64_t) w->data.start / chunk * chunk;
	return end < w->job->size ? end : w->job->size;
}

/* Claim the next chunk.  It stands in the slot before it is claimed, so that no moment
   to die leaves a chunk that nobody knows of; at worst one is copied twice.  */
static bool
claim(struct worker *w)
{
	_Atomic uint64_t *const cursor = &w->job->share->cursor;
	uint64_t start = atomic_load(cursor);
	uint64_t end;

	do {
		if (start >= w->job->size) {
			/* What stood in the slot for a moment, another has claimed.  */
			atomic_store(&w->slot->at, atomic_load(&w->slot->end));
			return false;
		}
		end = chunk_end(w, start);
		atomic_store(&w->slot->end, end);
		atomic_store(&w->slot->at, start);
	} while (!atomic_compare_exchange_weak(cursor, &start, end));
	return true;
}

static void
advance(const struct worker *w, uint64_t to)
{
	atomic_store(&w->slot->at, to);
}

/* The window [AT, AT+LEN) by pread and pwrite: what mapping could not do is done here,
   or its true errno is heard.  IN_ORDER: all of the chunk before it is in place.  */
static int
copy_by_hand(const struct worker *w, uint64_t at, uint64_t len, bool in_order)
{
	struct error *const error = &w->slot->error;

	while (len > 0) {
		const size_t step = ratelimit_piece(len < sizeof buffer ? (size_t) len
						    : sizeof buffer);
		const ssize_t got = descriptor_read(w->job->source, buffer, step,
						    (off_t) at);
		if (got < 0)
			return error_set_at(error, ERROR_READ, errno, (off_t) at);
		if ((size_t) got < step)	/* it was cut, or its size was only a hint */
			crew_lower(&w->job->share->source_end, at + (uint64_t) got);
		if (descriptor_write(w->job->dest->fd, buffer, (size_t) got,
				     (off_t) at) < 0)
			return error_set_at(error, ERROR_WRITE, errno, (off_t) at);
		at += step;
		len -= step;
		if (in_order)
			advance(w, at);
	}
	return 0;
}

/* Move as much of [AT, END) as copy_file_range will: the offset reached, or -1.  */
static int64_t
copy_by_kernel(struct worker *w, uint64_t at, uint64_t end)
{
	enum { STEP = 64 << 20 };

	while (at < end) {
		off_t in = (off_t) at, out = (off_t) at;
		const ssize_t n = sys_copy_range(w->job->source, &in, w->job->dest->fd,
						 &out,
						 ratelimit_piece(end - at < STEP
								 ? (size_t) (end - at)
								 : STEP));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && error_is_final(errno))
			return error_set_at(&w->slot->error, ERROR_COPY, errno,
					    (off_t) at);
		if (n <= 0) {
			w->writer = false;	/* Map, for the rest of this file.  */
			break;
		}
		at += (uint64_t) n;
		advance(w, at);
		totals_moved(&w->slot->counts, COUNT_KERNEL, (uint64_t) n);
	}
	return (int64_t) at;
}

/* Whether LEN bytes of data are so few that the source is better read than mapped.  */
static bool
few(const struct worker *w, uint64_t len)
{
	return len < w->job->plan->read_below;
}

/* Copy [AT, AT+LEN) of a window into the destination's mapping.  */
static int
into_mapping(const struct worker *w, uint64_t at, size_t len)
{
	return few(w, len) ? mapping_read(w->map, w->job->source, at, len)
		: mapping_copy(w->map, at, len);
}

/* Supply the pages of a window [AT, AT+LEN) with their bytes; what is no whole page
   goes by hand, and so does all of it where one can't be had, or was there: of a worker
   that died, e.g.  */
static int
supply_window(const struct worker *w, uint64_t at, size_t len)
{
	const size_t page = memory_page_size();
	size_t whole = at % page == 0 ? len - len % page : 0;

	if (whole > 0 && mapping_supply(w->map, w->supply, at, whole) < 0)
		whole = 0;
	return copy_by_hand(w, at + whole, len - whole, true);
}

/* Copy [AT, AT+LEN) of a window.  Where an old file is to have holes, not through its
   mapping: its cached pages may be in large folios, and a store into one of these
   allocates blocks for all of it, holes just punched included (ext4, 6.18).  */
static int
store(const struct worker *w, uint64_t at, size_t len)
{
	if (w->supply >= 0)
		return supply_window(w, at, len);
	if (!w->job->beside_holes && into_mapping(w, at, len) == 0)
		return 0;
	return copy_by_hand(w, at, len, true);
}

/* Copy the window [AT, AT+LEN), or leave holes where its blocks are zeros.  */
static int
copy_window(const struct worker *w, uint64_t at, size_t len)
{
	const uint64_t end = at + len;

	while (w->job->plan->sparse == SPARSE_ALWAYS && at < end) {
		bool zeros;
		const ssize_t run = mapping_zeros(w->map, at, (size_t) (end - at),
						  &zeros);
		if (run < 0)
			break;
		const uint64_t to = at + (uint64_t) run;
		if (zeros && allocate_clear(w->job->dest, (off_t) at, (off_t) to,
					    &w->slot->error) < 0)
			return -1;
		if (!zeros && store(w, at, (size_t) run) < 0)
			return -1;
		at = to;
	}
	return at == end ? 0 : store(w, at, (size_t) (end - at));
}

/* copy_by_hand, for direct_copy, whose requests before this one may still be on their
   way.  */
static int
move_by_hand(void *worker, off_t at, size_t len)
{
	struct worker *const w = worker;
	const int ret = copy_by_hand(w, (uint64_t) at, len, false);

	if (ret == 0)
		totals_moved(&w->slot->counts, COUNT_READ_WRITE, len);
	return ret;
}

/* Write the window [AT, AT+LEN) from the source's mapping, if that is planned and its
   pages can be had, else by hand.  */
static int
write_window(const struct worker *w, uint64_t at, size_t len)
{
	if (!w->job->plan->lent || few(w, len))
		return copy_by_hand(w, at, len, true);
	if (mapping_write(w->map, w->job->dest->fd, at, len) < 0)
		return errno == EFAULT ? copy_by_hand(w, at, len, true)
			: error_set_at(&w->slot->error, ERROR_WRITE, errno, (off_t) at);
	advance(w, at + len);
	return 0;
}

/* How much of LEN bytes to copy at a time, through mappings.  */
static size_t
piece(const struct worker *w, uint64_t len)
{
	const uint64_t window = w->job->plan->window;

	return ratelimit_piece((size_t) (len < window ? len : window));
}

/* Copy [AT, END) by one way or the other, but not into a mapping.  */
static int
copy_unmapped(struct worker *w, uint64_t at, uint64_t end)
{
	while (w->queue == NULL && at < end) {
		const size_t len = piece(w, end - at);
		if (write_window(w, at, len) < 0)
			return -1;
		at += len;
		totals_moved(&w->slot->counts, COUNT_READ_WRITE, len);
	}
	return at == end ? 0
		: direct_copy(&w->job->direct, w->queue, (off_t) at, (off_t) end,
			      move_by_hand, w);
}

/* Whether the data that was found last is so short that it is better written than
   mapped.  */
static bool
is_short(const struct worker *w)
{
	return (uint64_t) (w->data.end - w->data.start) < w->job->plan->write_below;
}

/* Whether data, just found, are written and not stored into a mapping.  */
static bool
is_written(const struct worker *w)
{
	return w->writer ? w->job->plan->by_hand : is_short(w);
}

/* Copy data, [AT, END), of the chunk.  */
static int
copy_data(struct worker *w, uint64_t at, uint64_t end)
{
	if (w->job->plan->direct || is_written(w)) {
		if (copy_unmapped(w, at, end) < 0)
			return -1;
		at = end;
		advance(w, end);
	} else if (w->writer) {
		const int64_t reached = copy_by_kernel(w, at, end);
		if (reached < 0)
			return -1;
		at = (uint64_t) reached;
	}
	while (at < end) {
		const size_t len = piece(w, end - at);
		if (copy_window(w, at, len) < 0)
			return -1;
		at += len;
		advance(w, at);
		totals_moved(&w->slot->counts, COUNT_MAPPED, len);
	}
	return 0;
}

/* Write the zeros that a hole, [AT, END), is read as.  */
static int
write_hole(const struct worker *w, uint64_t at, uint64_t end)
{
	if (copy_by_hand(w, at, end - at, true) < 0)
		return -1;
	totals_moved(&w->slot->counts, COUNT_READ_WRITE, end - at);
	return 0;
}

/* Find the data at or after AT.  */
static int
look(struct worker *w, uint64_t at)
{
	const bool all = w->job->plan->holes == HOLES_READ;
	const int found = (all ? extent_all : extent_next)(w->job->source, (off_t) at,
							    (off_t) w->job->size,
							    &w->data);

	if (found < 0)
		return error_set_at(&w->slot->error, ERROR_READ, errno, (off_t) at);
	if (found == 0)
		w->data.start = w->data.end = (off_t) w->job->size;
	w->hole = at;
	return 0;
}

/* Do what is planned with what is a hole of the source, [AT, END): what can't be filled
   is written, and never through a mapping of the source, which might allocate it.  */
static int
pass_hole(struct worker *w, uint64_t at, uint64_t end)
{
	struct error *const error = &w->slot->error;

	if (w->job->plan->holes != HOLES_FILLED)
		return allocate_clear(w->job->dest, (off_t) at, (off_t) end, error);
	if (allocate_fill(w->job->dest, (off_t) at, (off_t) end, error) == 0)
		return 0;
	return error->step == ERROR_REFUSED ? write_hole(w, at, end) : -1;
}

/* Copy what is left of the chunk in the slot: its data, and its holes where an old file
   has bytes.  Whoever claimed a chunk decides alone, and once, what of it is data: what
   is a hole may change when a clean page is dropped (xfs, unwritten extents), and bytes
   that one takes for data and another for a hole would stay the old ones.  */
static int
copy_chunk(struct worker *w)
{
	const uint64_t end = atomic_load(&w->slot->end);
	uint64_t at;

	while ((at = atomic_load(&w->slot->at)) < end) {
		if (at >= (uint64_t) w->data.end && look(w, at) < 0)
			return -1;
		const uint64_t start = (uint64_t) w->data.start;
		if (at < start) {
			const uint64_t to = start < end ? start : end;
			if (pass_hole(w, at, to) < 0)
				return -1;
			advance(w, to);
			continue;
		}
		const uint64_t to = (uint64_t) w->data.end < end ? (uint64_t) w->data.end
			: end;
		if (copy_data(w, at, to) < 0)
			return -1;
	}
	return 0;
}

/* Have the chunk [START, END) read from its device, at once.  */
static void
begin_chunk(struct worker *w, uint64_t start, uint64_t end)
{
	if (w->drop.wanted)
		dropbehind_enter(&w->drop, (off_t) start, (off_t) end);
	else if (w->job->plan->cold && !w->job->plan->direct
		 && end - start <= w->job->plan->chunk)
		pagecache_read_ahead(w->job->source, (off_t) start, (off_t) end);
}

/* All below END is done: give its mappings back, if enough was moved for that since, or
   if pages that are mapped could not leave memory.  A hole has no pages.  */
static void
give_back(struct worker *w, uint64_t end)
{
	const uint64_t moved = counts_moved(&w->slot->counts);

	if (!w->drop.wanted && moved - w->moved < MAPPING_KEPT)
		return;
	mapping_give_back(w->map, end);
	w->moved = moved;
}

int
mmap_worker(void *context, unsigned number)
{
	struct mmap_job *const job = context;
	struct worker w = {
		.job = job,
		.slot = &job->share->slots[number],
		.map = &job->map,
		.writer = job->plan->writer && number == 0,
		.supply = -1,
	};

	mapping_guard();
	if (job->plan->supply && !w.writer && mapping_is_whole(w.map))
		w.supply = userfault_open(w.map->dest, w.map->dest_len);
	w.drop = dropbehind_begin(job->plan->nocache && !job->plan->direct, job->source,
				  job->dest->fd,
				  job->dest->form == DEST_IN_PLACE);
	if (job->plan->direct)	/* without one, it is done by hand */
		w.queue = direct_queue_new(&w.slot->counts);
	do {		/* First what a dead worker may have left in this slot.  */
		const uint64_t start = atomic_load(&w.slot->at),
			end = atomic_load(&w.slot->end);
		begin_chunk(&w, start, end);
		if (copy_chunk(&w) < 0)
			return -1;
		give_back(&w, end);
		dropbehind_leave(&w.drop);
	} while (claim(&w));
	if (dropbehind_end(&w.drop) < 0)
		return error_set(&w.slot->error, ERROR_FLUSH, errno);
	return 0;
}
