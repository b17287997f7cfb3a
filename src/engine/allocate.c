/* SPDX-License-Identifier: GPL-3.0-or-later */
/* allocate.c: the size, the blocks and the holes of an open destination.  */
#include "config.h"

#include "engine/allocate.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "base/timer.h"
#include "engine/extent.h"

int
allocate_resize(struct dest_file *dest, off_t size, struct error *error)
{
	const off_t page = (off_t) dest->huge_page;

	/* The last huge page is not filled, and must not keep what an old file had there:
	   it is given back, and a new one is zeros.  */
	if (page != 0 && dest->form == DEST_IN_PLACE && size % page != 0
	    && ftruncate(dest->fd, size / page * page) < 0)
		return error_set(error, ERROR_RESIZE, errno);
	if (page != 0 && size > INT64_MAX - page)
		return error_set(error, ERROR_RESIZE, EFBIG);
	if (page != 0 && size % page != 0)
		size += page - size % page;
	if (ftruncate(dest->fd, size) < 0)
		return error_set(error, ERROR_RESIZE, errno);
	dest->touched = true;
	return 0;
}

/* Return the end of the data that an old file begins with, which has blocks; 0 if it
   begins with a hole.  */
static off_t
old_data(const struct dest_file *dest)
{
	struct extent data;

	if (dest->form != DEST_IN_PLACE
	    || extent_next(dest->fd, 0, dest->st.st_size, &data) <= 0 || data.start > 0)
		return 0;
	return data.end;
}

/* After this many short pieces of data in a row, the rest is expected to be short, too.
   A look at all 10 000 took 10 of 440 ms (doc/measurements.md#short-data).  */
enum { SHORT_IN_A_ROW = 100 };

/* The first step of a reservation, doubled each time that it was fast; and nanoseconds of
   processor time that a byte may take, or a copy by one process is faster.  Where the
   free blocks are in pieces of 8 KiB, 600 MiB took 0.5 s, which cp left to the write-back
   (doc/measurements.md#reserving-blocks).  */
enum { RESERVE_FIRST = 4 << 20 };
#define RESERVE_MOST 0.3

/* A reservation that goes on only while it is fast.  */
struct hurry {
	off_t step;		/* bytes; 0: it may take its time */
	bool slow;		/* so was the last step */
};

/* Reserve LEN bytes at AT.  After two slow steps in a row that fails with ETIME: one
   alone may have been chance.  Return 0, or -1 with errno.  */
static int
reserve_piece(int fd, off_t at, off_t len, struct hurry *hurry)
{
	while (len > 0) {
		const off_t step = hurry->step != 0 && hurry->step < len ? hurry->step
			: len;
		/* That clock is a system call.  */
		const bool timed = hurry->step != 0 && step >= RESERVE_FIRST;
		const uint64_t begun = timed ? clock_processor() : 0;
		if (sys_reserve(fd, at, step) < 0)
			return -1;
		if (timed) {
			const bool slow = (double) (clock_processor() - begun)
				> (double) step * RESERVE_MOST;
			if (slow && hurry->slow) {
				errno = ETIME;
				return -1;
			}
			hurry->slow = slow;
			hurry->step *= slow ? 1 : 2;
		}
		at += step;
		len -= step;
	}
	return 0;
}

/* Reserve the blocks of a WISH.  If the file system can't, an error comes when they are
   written.  Not where an old file has them: XFS wants as many free ones all the same
   (doc/measurements.md#reserving-blocks).  */
static int
reserve(struct dest_file *dest, int source, off_t size, const struct allocate_wish *wish,
	struct error *error)
{
	int (*const next)(int, off_t, off_t, struct extent *) = wish->holes ? extent_all
		: extent_next;
	const off_t least = dest->form == DEST_IN_PLACE ? 0 : wish->least;
	const off_t there = old_data(dest);
	struct extent data = { 0, 0 };
	unsigned skipped = 0;
	struct hurry hurry = { .step = wish->hurried ? RESERVE_FIRST : 0 };
	int found;

	while (skipped < SHORT_IN_A_ROW
	       && (found = next(source, data.end, size, &data)) != 0) {
		const off_t start = data.start < there ? there : data.start;
		if (found < 0)
			return error_set(error, ERROR_READ, errno);
		skipped = data.end - data.start < least ? skipped + 1 : 0;
		if (skipped > 0 || start >= data.end
		    || reserve_piece(dest->fd, start, data.end - start, &hurry) == 0)
			continue;
		if (errno == ETIME)
			return error_set(error, ERROR_REFUSED, ETIME);
		if (error_is_full(errno) || errno == EFBIG)
			return error_set_at(error, ERROR_WRITE, errno, data.start);
		return 0;
	}
	return 0;
}

int
allocate_clear(struct dest_file *dest, off_t from, off_t end, struct error *error)
{
	if (dest->form != DEST_IN_PLACE || from >= end || from >= dest->st.st_size)
		return 0;
	dest->touched = true;
	/* Round up to a page, since otherwise the last block of a file would stay, as
	   zeros.  Data after the hole that is cleared so is still to be copied.  */
	const off_t page = (off_t) memory_page_size();
	const off_t past = end % page != 0 && end <= INT64_MAX - page ? page - end % page
		: 0;
	if (sys_punch(dest->fd, from, end + past - from) < 0)
		return error_set_at(error, error_is_final(errno) ? ERROR_PUNCH
				    : ERROR_REFUSED,
				    errno, from);
	return 0;
}

/* Most bytes that are filled between two checks for signals: tmpfs clears each page.  */
#define FILL_STEP ((off_t) 64 << 20)

/* Make LEN bytes at AT zeros that have blocks.  Return 0, or -1 with errno.  */
static int
fill(const struct dest_file *dest, off_t at, off_t len)
{
	if (dest->form != DEST_IN_PLACE || at >= dest->st.st_size)
		return sys_reserve(dest->fd, at, len);
	if (sys_zero(dest->fd, at, len) == 0)
		return 0;
	return sys_punch(dest->fd, at, len) < 0 ? -1 : sys_reserve(dest->fd, at, len);
}

int
allocate_fill(struct dest_file *dest, off_t from, off_t end, struct error *error)
{
	while (from < end) {
		const off_t len = end - from < FILL_STEP ? end - from : FILL_STEP;
		timer_check();
		if (signals_fatal() != 0)
			return error_set(error, ERROR_INTERRUPTED, EINTR);
		dest->touched = true;
		if (fill(dest, from, len) == 0)
			from += len;
		else if (errno != EINTR)
			return error_set_at(error, error_is_final(errno) || errno == EFBIG
					    ? ERROR_WRITE : ERROR_REFUSED, errno, from);
	}
	return 0;
}

bool
allocate_can_clear(const struct dest_file *dest)
{
	const off_t page = (off_t) memory_page_size();
	const off_t size = dest->st.st_size;
	const off_t behind = size / page * page + (size % page != 0 ? page : 0);

	if (size > INT64_MAX - 2 * page)	/* there is nothing behind */
		return false;
	return sys_punch(dest->fd, behind, page) == 0 || error_is_final(errno);
}

int
allocate_cut(struct dest_file *dest, off_t from, struct error *error)
{
	if (ftruncate(dest->fd, from) < 0)
		return error_set(error, ERROR_RESIZE, errno);
	dest->touched = true;
	dest->st.st_size = from;
	return 0;
}

/* Give back what was reserved for an old file: blocks under its holes, and past its
   end.  */
static void
unreserve(struct dest_file *dest)
{
	const off_t size = dest->st.st_size;
	struct extent data = { 0, 0 };
	off_t at = 0;
	int found;

	while ((found = extent_next(dest->fd, at, size, &data)) > 0) {
		if (at < data.start)
			sys_punch(dest->fd, at, data.start - at);
		at = data.end;
	}
	/* A hole to the end; not so where the file system can't tell.  */
	if (found == 0 && at < size)
		sys_punch(dest->fd, at, size - at);
	if (ftruncate(dest->fd, size) < 0)
		dest->touched = true;
}

int
allocate_prepare(struct dest_file *dest, int source, off_t size,
	const struct allocate_wish *wish,
	struct error *error)
{
	if (wish->data && reserve(dest, source, size, wish, error) < 0) {
		if (dest->form == DEST_IN_PLACE)
			unreserve(dest);
		return -1;
	}
	/* Also where the size is right already: stores through a mapping leave set-ID
	   bits and file capabilities alone (tmpfs, 6.18) and the mtime too (hugetlbfs);
	   this takes care of them as a write would.  */
	if (allocate_resize(dest, size, error) == 0)
		return 0;
	if (wish->data && dest->form == DEST_IN_PLACE)
		unreserve(dest);
	return -1;
}
