/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sequential.c: read and write in file order, and the holes between.  */
#include "config.h"

#include "engine/sequential.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/ratelimit.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "base/timer.h"
#include "base/totals.h"
#include "base/writebehind.h"
#include "engine/allocate.h"
#include "engine/extent.h"
#include "engine/pagecache.h"
#include "engine/steps.h"
#include "engine/zeros.h"

/* Read this far ahead of a source that isn't in memory and has holes: the data alone,
   since the kernel's own read-ahead makes pages of what was reserved and never written,
   and then that is no hole any more (ext4, 6.18).  */
#define AHEAD ((off_t) 8 << 20)

/* No file system reserves more behind a file's end: xfs at most an extent, of 8 GiB.  */
#define RESERVED_MOST ((off_t) 16 << 30)

_Alignas(4096) static char buffer[STEP_OF_DEVICE];

static bool
is_file(const struct sequential *s)
{
	return S_ISREG(s->source->st.st_mode);
}

bool
sequential_is_sized(const struct sequential *s)
{
	return is_file(s) && s->source->st.st_size > 0;
}

/* ---- read ---- */

static int
wait_for_bytes(int fd)
{
	int ret;

	while ((ret = signals_wait_readable(fd)) == 0)
		timer_check();
	return ret;
}

/* Return whether to repeat a call that returned N as one that takes no offset (*NONE): a
   file that looks regular may know no offsets (FUSE: nonseekable).  All is read and
   written in order.  */
static bool
without_offset(ssize_t n, bool *none)
{
	const bool again = n < 0 && errno == ESPIPE && !*none;

	*none = *none || again;
	return again;
}

/* Return whether to repeat a call that returned N: the source was opened with O_NONBLOCK,
   since it might have been a FIFO, and has nothing yet (tracefs: trace_pipe).  */
static bool
has_to_wait(const struct sequential *s, ssize_t n)
{
	if (n >= 0 || errno != EAGAIN)
		return false;
	const int flags = fcntl(s->source->fd, F_GETFL);
	const bool waits = (flags & O_NONBLOCK) == 0
		|| fcntl(s->source->fd, F_SETFL, flags & ~O_NONBLOCK) < 0;
	errno = EAGAIN;
	return !waits;
}

ssize_t
sequential_read(struct sequential *s, void *buf, size_t len, off_t at)
{
	ssize_t n;

	do {
		if (signals_fatal() != 0)
			return error_set(s->error, ERROR_INTERRUPTED, EINTR);
		if (!is_file(s) && wait_for_bytes(s->source->fd) < 0)
			return error_set(s->error, ERROR_INTERRUPTED, EINTR);
		n = s->reads ? read(s->source->fd, buf, len)
			: pread(s->source->fd, buf, len, at);
	} while (signals_retry(n) || without_offset(n, &s->reads) || has_to_wait(s, n));
	if (n < 0)
		return error_set_at(s->error, signals_fatal() != 0 ? ERROR_INTERRUPTED
				    : ERROR_READ, errno, at);
	return n;
}

/* ---- write ---- */

/* There is a hole before what is to be written.  */
static ssize_t
cannot_seek(void)
{
	errno = ESPIPE;
	return -1;
}

/* Write all LEN bytes, at AT where the destination can.  */
static int
put(struct sequential *s, const char *buf, size_t len, off_t at)
{
	s->dest->touched = true;
	while (len > 0) {
		const ssize_t n = !s->writes ? pwrite(s->dest->fd, buf, len, at)
			: at == s->end ? write(s->dest->fd, buf, len) : cannot_seek();
		if (signals_fatal() != 0)
			return error_set(s->error, ERROR_INTERRUPTED, EINTR);
		if ((n < 0 && errno == EINTR) || without_offset(n, &s->writes))
			continue;
		if (n <= 0)
			return error_set_at(s->error, ERROR_WRITE, n == 0 ? EIO : errno,
					    at);
		buf += n;
		at += n;
		len -= (size_t) n;
		s->end = at;
	}
	return 0;
}

void
sequential_arrived(struct sequential *s, off_t at, off_t bytes, enum count engine)
{
	s->dest->whole = at;
	totals_moved(s->transfer->counts, engine, (uint64_t) bytes);
	if (s->dest->form != DEST_SPECIAL)
		writebehind_moved(s->dest->fd, at - bytes, bytes);
}

/* ---- holes ---- */

/* Return whether the file system reserves more behind what is written.  */
static bool
allocates_ahead(struct sequential *s)
{
	if (!s->asked) {
		s->asked = true;
		s->ahead = fs_allocates_ahead(s->dest->fd, s->dest->device);
	}
	return s->ahead;
}

/* Leave a hole in [FROM, END) of a file that was there.  */
static int
leave_old_hole(struct sequential *s, off_t from, off_t end)
{
	struct dest_file *const dest = s->dest;

	/* Where a file ends within what is punched, btrfs keeps that block, as zeros
	   (6.18).  */
	if (dest->st.st_size < end && ftruncate(dest->fd, end) == 0)
		dest->touched = true;
	if (allocate_clear(dest, from, end, s->error) == 0)
		return 0;
	/* Nothing behind FROM was written: where no hole can be punched, all of that
	   goes.  */
	return s->error->step == ERROR_REFUSED ? allocate_cut(dest, from, s->error) : -1;
}

int
sequential_leave_hole(struct sequential *s, off_t from, off_t end)
{
	const struct dest_file *const dest = s->dest;

	if (from >= end || dest->form == DEST_SPECIAL)
		return 0;
	if (dest->form == DEST_IN_PLACE && from < dest->st.st_size)
		return leave_old_hole(s, from, end);
	/* If it can't be punched, the content is right all the same.  */
	if (s->written > 0 && allocates_ahead(s))
		sys_punch(dest->fd, from, end - from);
	return 0;
}

/* ---- both ---- */

/* Write LEN bytes, not 0, of BUF at AT, or leave holes where they are zeros.  */
static int
put_data(struct sequential *s, const char *buf, size_t len, off_t at)
{
	const off_t end = at + (off_t) len;

	while (s->sparse->zeros && s->dest->form != DEST_SPECIAL
	       && at < end) {
		bool zeros;
		const size_t run = zeros_run(buf, (size_t) (end - at), at, &zeros);
		if (zeros && sequential_leave_hole(s, at, at + (off_t) run) < 0)
			return -1;
		if (!zeros && put(s, buf, run, at) < 0)
			return -1;
		buf += run;
		at += (off_t) run;
		if (!zeros)
			s->written = at;
	}
	if (at == end)
		return 0;
	s->written = end;
	return put(s, buf, (size_t) (end - at), at);
}

void
sequential_begin_piece(struct sequential *s, off_t at)
{
	const struct source *const source = s->source;
	const off_t size = source->st.st_size;

	if (at < s->piece || at >= size || !is_file(s))
		return;
	if (s->transfer->plan->cold && s->sparse->expected && !s->drop.wanted) {
		const off_t end = extent_end(at, 2 * AHEAD, size);
		pagecache_read_ahead(source->fd, s->ahead_of > at ? s->ahead_of : at,
				     end);
		s->ahead_of = end;
		s->piece = extent_end(at, AHEAD, size);
	}
	if (s->drop.wanted) {
		dropbehind_leave(&s->drop);
		s->piece = extent_end(at, DROPBEHIND_PIECE, size);
		dropbehind_enter(&s->drop, at, s->piece);
	}
}

off_t
sequential_read_write(struct sequential *s, off_t at, off_t end)
{
	const size_t step = s->transfer->plan->cold ? STEP_OF_DEVICE : STEP;

	while (end < 0 || at < end) {
		size_t len = step;
		sequential_begin_piece(s, at);
		if (end >= 0 && end - at < (off_t) len)
			len = (size_t) (end - at);
		const ssize_t n = sequential_read(s, buffer, ratelimit_piece(len), at);
		if (n < 0)
			return -1;
		if (n == 0) {
			s->ended = true;
			break;
		}
		blockhash_add(&s->hash, (uint64_t) at, buffer, (size_t) n);
		if (put_data(s, buffer, (size_t) n, at) < 0)
			return -1;
		at += n;
		sequential_arrived(s, at, n, COUNT_READ_WRITE);
	}
	return at;
}

/* Return whether the source's size has changed: 1, 0, or -1 with an error.  */
static int
is_resized(struct sequential *s)
{
	struct stat now;

	if (fstat(s->source->fd, &now) < 0)
		return error_set(s->error, ERROR_STAT_SOURCE, errno);
	return now.st_size != s->source->st.st_size;
}

off_t
sequential_read_past(struct sequential *s, off_t at)
{
	while (!s->ended && at <= INT64_MAX - STEP) {
		/* follow_source can't read bytes again that have no offset.  For other
		   sources the size is asked for afterwards, if at all: that may be a
		   request.  */
		int resized = s->reads ? is_resized(s) : 0;
		if (resized != 0)
			return resized < 0 ? -1 : at;
		const ssize_t n = sequential_read(s, buffer,
						  ratelimit_piece(STEP), at);
		s->ended = n == 0;
		if (n <= 0)
			return n < 0 ? -1 : at;
		resized = s->reads ? 0 : is_resized(s);
		if (resized != 0)
			return resized < 0 ? -1 : at;
		blockhash_add(&s->hash, (uint64_t) at, buffer, (size_t) n);
		if (put_data(s, buffer, (size_t) n, at) < 0)
			return -1;
		at += n;
		sequential_arrived(s, at, n, COUNT_READ_WRITE);
	}
	return at;
}

/* ---- begin and finish ---- */

/* On FUSE and networks, have the kernel ask for twice as much at a time, as cp does.  */
static void
ask_for_more(const struct sequential *s)
{
	enum { READ_AHEAD = 128 << 10 };
	const struct stat *const st = &s->source->st;

	if (S_ISREG(st->st_mode) && st->st_size > READ_AHEAD && !s->drop.wanted
	    && fs_trust(s->source->fd, ".", st->st_dev) == FS_UNKNOWN)
		posix_fadvise(s->source->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
}

/* With HELD, adjust signals and progress while waiting for a terminal or a pipe; without,
   undo that.  */
static void
hold(const struct sequential *s, bool held)
{
	const bool special = s->dest->form == DEST_SPECIAL;
	/* The user types, or reads, at a terminal: no progress line there.  */
	const bool typed = held
		&& ((special && isatty(s->dest->fd))
		    || (S_ISCHR(s->source->st.st_mode) && isatty(s->source->fd)));

	timer_hold(typed);
	/* A pipe may never take what we have for it, and needs no cleaning up.  */
	if (special)
		signals_die_at_once(held);
}

struct sequential
sequential_begin(const struct transfer *transfer, sequential_move *move,
	struct error *error)
{
	const struct source *const source = transfer->source;
	struct dest_file *const dest = transfer->dest;
	const bool special = dest->form == DEST_SPECIAL;
	struct sequential s = {
		.transfer = transfer, .source = source, .dest = dest, .error = error,
		.sparse = &transfer->plan->sparse, .move = move, .fill = move,
		.map = MAPPING_PAIR_NONE, .written = dest->whole, .end = dest->whole,
		.writes = special,
	};

	hold(&s, true);
	s.reads = !is_file(&s);
	s.drop = dropbehind_begin(transfer->plan->nocache, s.reads ? -1 : source->fd,
				  special ? -1 : dest->fd, dest->form == DEST_IN_PLACE);
	ask_for_more(&s);
	return s;
}

/* Set the size where the last write didn't: a hole at the end, or an old file that was
   longer, or that nothing was written to and whose times have to move all the same: btrfs
   leaves them alone where a hole is punched.  */
static int
set_size(struct sequential *s, off_t size)
{
	const struct dest_file *const dest = s->dest;
	const bool is_old = dest->form == DEST_IN_PLACE;
	const off_t old = is_old ? dest->st.st_size : 0;
	const off_t reached = s->written > old ? s->written : old;

	if (dest->form != DEST_SPECIAL && dest->huge_page == 0
	    && (size != reached || (is_old && s->written == 0 && !dest->emptied))
	    && allocate_resize(s->dest, size, s->error) < 0)
		return -1;
	/* Of an old file that has grown, xfs may keep what it had reserved behind the
	   end.  ftruncate would give it back, too, but wait for all data.  */
	if (is_old && size > old && allocates_ahead(s))
		sys_punch(dest->fd, size, RESERVED_MOST);
	s->dest->whole = size;
	return 0;
}

int
sequential_finish(struct sequential *s, off_t size)
{
	int ret = -1;

	if (size >= 0)
		blockhash_end(&s->hash, (uint64_t) size);
	mapping_close(&s->map);
	const int sent = writebehind_leave() < 0 ? errno : 0;
	const int dropped = dropbehind_end(&s->drop) < 0 ? errno : sent;
	if (dropped != 0 && size >= 0)
		error_set(s->error, ERROR_FLUSH, dropped);
	else if (size >= 0)
		ret = set_size(s, size);
	hold(s, false);
	return ret;
}
