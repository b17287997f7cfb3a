/* SPDX-License-Identifier: GPL-3.0-or-later */
/* salvage.c: read on behind what can't be read.  A block that fails is passed, and the
   next one tried; but where many have failed, whole stretches are passed, longer and
   longer ones, and the first block that can be read again is looked for by halving.  So
   a disk that takes seconds to fail isn't asked for each of a million blocks.  */
#include "config.h"

#include "engine/salvage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "base/ratelimit.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "base/timer.h"
#include "base/totals.h"
#include "base/writebehind.h"
#include "engine/extent.h"
#include "engine/plan.h"
#include "engine/steps.h"
#include "engine/zeros.h"

/* So many blocks are tried one by one; so many bytes that can be read are needed until as
   many are again.  */
enum { PATIENCE = 64, RECOVERED = 1 << 20 };

/* The kernel forgets a folio only as a whole, and none is larger.  */
#define FOLIO ((off_t) 4 << 20)

_Alignas(SALVAGE_BLOCK) static char buffer[STEP];

struct salvage {
	const struct transfer *transfer;
	struct missing *missing;
	struct error *error;
	off_t had;		/* the copy's size before */
	bool in_order;		/* the copy has no offsets */
	size_t step;		/* bytes to read next */
	unsigned failed;	/* blocks, since enough could be read */
	off_t good;		/* bytes read since the last of them */
	off_t skip;		/* bytes to pass at the next */
};

static off_t
block_end(off_t at)
{
	const off_t block = at - at % SALVAGE_BLOCK;

	return block > INT64_MAX - SALVAGE_BLOCK ? INT64_MAX : block + SALVAGE_BLOCK;
}

/* ---- the copy ---- */

static int
put(struct salvage *s, const char *buf, size_t len, off_t at)
{
	const int fd = s->transfer->dest->fd;

	s->transfer->dest->touched = true;
	while (len > 0) {
		const ssize_t n = s->in_order ? write(fd, buf, len)
			: pwrite(fd, buf, len, at);
		if (signals_fatal() != 0)
			return error_set(s->error, ERROR_INTERRUPTED, EINTR);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			s->transfer->dest->whole = at;
			return error_set_at(s->error, ERROR_WRITE, n == 0 ? EIO : errno,
					    at);
		}
		buf += n;
		at += n;
		len -= (size_t) n;
	}
	return 0;
}

static int
put_zeros(struct salvage *s, off_t at, off_t end)
{
	static const char zeros[STEP_SMALL];

	for (off_t len; at < end; at += len) {
		len = end - at < STEP_SMALL ? end - at : STEP_SMALL;
		if (put(s, zeros, (size_t) len, at) < 0)
			return -1;
	}
	return 0;
}

/* Leave a hole in [FROM, END), whatever was there.  */
static int
leave_hole(struct salvage *s, off_t from, off_t end)
{
	const struct dest_file *const dest = s->transfer->dest;

	if (from >= end)
		return 0;
	s->transfer->dest->touched = true;
	if (dest->form != DEST_SPECIAL
	    && (from >= s->had || sys_punch(dest->fd, from, end - from) == 0))
		return 0;
	return put_zeros(s, from, end);
}

/* Write LEN bytes, or leave holes for blocks of zeros, if that is wanted.  */
static int
put_data(struct salvage *s, const char *buf, size_t len, off_t at)
{
	const bool sparse = s->transfer->plan->sparse.zeros
		&& s->transfer->dest->form != DEST_SPECIAL;

	while (len > 0) {
		bool zeros = false;
		const size_t run = sparse ? zeros_run(buf, len, at, &zeros) : len;
		if ((zeros ? leave_hole(s, at, at + (off_t) run)
		     : put(s, buf, run, at)) < 0)
			return -1;
		buf += run;
		at += (off_t) run;
		len -= run;
	}
	return 0;
}

/* The N bytes before AT are in place.  */
static void
arrived(struct salvage *s, off_t at, off_t n)
{
	struct dest_file *const dest = s->transfer->dest;

	dest->whole = at;
	totals_moved(s->transfer->counts, COUNT_READ_WRITE, (uint64_t) n);
	if (dest->form != DEST_SPECIAL)
		writebehind_moved(dest->fd, at - n, n);
}

/* ---- what can't be read ---- */

/* Return whether a byte at AT can be read, or the source has none there.  */
static bool
is_readable(const struct salvage *s, off_t at)
{
	const size_t len = (size_t) (block_end(at) - at);
	ssize_t n;

	timer_check();
	do
		n = pread(s->transfer->source->fd, buffer, len, at);
	while (n < 0 && errno == EINTR && signals_fatal() == 0);
	return n >= 0;
}

/* The block at AT, before END, can't be read.  Return where the next one is that can, or
   END: far ahead a block is tried and, if it can be read, others between by halving.  If
   not, return the end of that one.  */
static off_t
find_readable(struct salvage *s, off_t at, off_t end)
{
	off_t bad = at - at % SALVAGE_BLOCK;
	const off_t last = (end - 1) - (end - 1) % SALVAGE_BLOCK;
	off_t good = last - bad > s->skip ? bad + s->skip : last;

	if (s->skip < INT64_MAX / 4)
		s->skip *= 2;
	if (good == bad || !is_readable(s, good))
		return block_end(good) < end ? block_end(good) : end;
	while (good - bad > SALVAGE_BLOCK) {
		const off_t middle = bad + (good - bad) / 2;
		const off_t block = middle - middle % SALVAGE_BLOCK;
		if (is_readable(s, block))
			good = block;
		else
			bad = block;
	}
	return good;
}

/* The block at AT, before END, can't be read: pass it, and perhaps more.  Return the
   offset to go on from, or -1 with an error.  */
static off_t
pass(struct salvage *s, off_t at, off_t end)
{
	const off_t next = block_end(at) < end ? block_end(at) : end;
	off_t to = next;

	s->good = 0;
	if (++s->failed > PATIENCE)
		to = find_readable(s, at, end);
	if (s->missing->count >= MISSING_MOST)
		to = s->missing->size;
	if (s->in_order && put_zeros(s, at, to) < 0)
		return -1;
	missing_add(s->missing, at, to);
	s->transfer->dest->whole = to;
	return to;
}

/* Reading at AT failed: forget what the kernel has read ahead there, and have it read no
   more than is asked for.  A page that it read together with a bad one is as bad.  */
static void
doubt(const struct salvage *s, off_t at)
{
	const int fd = s->transfer->source->fd;

	posix_fadvise(fd, at - at % FOLIO, 2 * FOLIO, POSIX_FADV_DONTNEED);
	posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
}

/* N bytes could be read: read more the next time.  */
static void
trust(struct salvage *s, ssize_t n)
{
	s->good += n;
	if (s->good >= RECOVERED) {
		s->failed = 0;
		s->skip = 2 * SALVAGE_BLOCK;
	}
	if (s->step == STEP)
		return;
	s->step *= 2;
	if (s->step == STEP)
		posix_fadvise(s->transfer->source->fd, 0, 0, POSIX_FADV_NORMAL);
}

/* ---- the source ---- */

/* Copy what can be read of the data in [AT, END).  Return the offset reached, which is
   less than END if the source ended; or -1 with an error.  */
static off_t
copy_data(struct salvage *s, off_t at, off_t end)
{
	while (at < end) {
		const off_t most = s->step == SALVAGE_BLOCK ? block_end(at) - at
			: (off_t) s->step;
		const size_t len = (size_t) (end - at < most ? end - at : most);
		if (signals_fatal() != 0)
			return error_set(s->error, ERROR_INTERRUPTED, EINTR);
		timer_check();
		const ssize_t n = pread(s->transfer->source->fd, buffer,
					ratelimit_piece(len), at);
		if (n == 0)
			break;
		if (n > 0) {
			if (put_data(s, buffer, (size_t) n, at) < 0)
				return -1;
			at += n;
			arrived(s, at, n);
			trust(s, n);
		} else if (errno == EINTR) {
			continue;
		} else if (s->step > SALVAGE_BLOCK) {
			s->step = SALVAGE_BLOCK;
			doubt(s, at);
		} else if ((at = pass(s, at, end)) < 0) {
			return -1;
		}
	}
	return at;
}

/* Find the next data at or after AT.  Where not even that can be read, all is data.  */
static int
next_data(const struct salvage *s, off_t at, struct extent *data)
{
	const struct transfer *const transfer = s->transfer;
	const bool looks = transfer->plan->sparse.holes == HOLES_KEPT
		&& transfer->dest->form != DEST_SPECIAL
		&& S_ISREG(transfer->source->st.st_mode);
	const int fd = transfer->source->fd;
	const off_t size = s->missing->size;
	const int found = looks ? extent_next(fd, at, size, data) : -1;

	return found < 0 ? extent_all(fd, at, size, data) : found;
}

/* Copy all that there is.  Return 0, or -1 with an error.  */
static int
copy_all(struct salvage *s)
{
	struct dest_file *const dest = s->transfer->dest;
	struct extent data;

	while (next_data(s, dest->whole, &data) > 0) {
		if (leave_hole(s, dest->whole, data.start) < 0)
			return -1;
		dest->whole = data.start;
		const off_t reached = copy_data(s, data.start, data.end);
		if (reached < 0)
			return -1;
		dest->whole = reached;
		if (reached < data.end) {
			s->missing->size = reached;
			return 0;
		}
	}
	if (leave_hole(s, dest->whole, s->missing->size) < 0)
		return -1;
	dest->whole = s->missing->size;
	return 0;
}

/* Leave holes for all that is missing.  Only now, since an old file of whose successor
   nothing can be read stays as it is.  Return 0, or -1 with an error.  */
static int
clear_missing(struct salvage *s)
{
	const struct missing *const missing = s->missing;
	struct dest_file *const dest = s->transfer->dest;

	for (size_t i = 0; i < missing->count && (uint64_t) dest->whole > missing->bytes;
	     i++)
		if (leave_hole(s, missing->range[i].from, missing->range[i].end) < 0) {
			dest->whole = missing->range[i].from;
			return -1;
		}
	return 0;
}

int
salvage_copy(const struct transfer *transfer, struct missing *missing,
	struct error *error)
{
	const int fd = transfer->dest->fd;
	struct salvage s = {
		.transfer = transfer, .missing = missing, .error = error,
		.step = STEP, .skip = 2 * SALVAGE_BLOCK,
		.in_order = lseek(fd, 0, SEEK_CUR) < 0,
	};
	struct stat now;

	if (fstat(fd, &now) < 0)
		return error_set(error, ERROR_STAT_DEST, errno);
	s.had = S_ISREG(now.st_mode) ? now.st_size : 0;
	const int ret = copy_all(&s);
	posix_fadvise(transfer->source->fd, 0, 0, POSIX_FADV_NORMAL);
	return s.in_order || clear_missing(&s) == 0 ? ret : -1;
}
