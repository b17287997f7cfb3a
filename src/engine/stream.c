/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stream.c: one process, in file order.  The sizes that stat promises are a hint only:
   /proc says 0, sysfs says 4096, files shrink; the end of a file is where read says.  */
#include "config.h"

#include "engine/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/fstype.h"
#include "base/ratelimit.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "base/timer.h"
#include "base/totals.h"
#include "engine/allocate.h"
#include "engine/dropbehind.h"
#include "engine/extent.h"
#include "engine/mapping.h"
#include "engine/pagecache.h"
#include "engine/zeros.h"

/* A step of copy_file_range: short enough to answer a signal between two.  */
#define STEP ((off_t) 64 << 20)

/* Of a source that is not in memory, so much is asked for beyond what is being copied:
   the kernel's own read-ahead, 128 KiB, doesn't keep a fast device busy.  */
#define AHEAD ((off_t) 8 << 20)

/* No file system reserves more behind a file's end: xfs at most an extent, of 8 GiB.  */
#define RESERVED_MOST ((off_t) 16 << 30)

_Alignas(4096) static char buffer[256 * 1024];

struct stream {
	const struct source *source;
	struct dest_file *dest;
	struct counts *counts;
	struct error *error;
	const struct plan *plan;
	struct dropbehind drop;
	struct mapping_pair map;	/* of the source alone, if there is one */
	off_t piece;		/* what drop knows, or what is worked at, ends here */
	off_t ahead_of;		/* and what is being read ahead, here */
	off_t written;		/* end of what was written, where the size has to reach */
	bool asked, ahead;	/* whether the file system allocates more than is written */
	bool ended;		/* the source ended before its size */
	bool reads, writes;	/* where they stand, because no offset can be given */
	off_t end;		/* of what was written last; there a file stands */
};

static bool
seekable(const struct stream *s)
{
	return S_ISREG(s->source->st.st_mode);
}

static int
wait_for_bytes(int fd)
{
	int ret;

	while ((ret = signals_wait_readable(fd)) == 0)
		timer_check();
	return ret;
}

/* Whether a call that returned N is to be made again, as one of those that take NONE: a
   file that looks regular may know no offsets (FUSE: nonseekable).  All is read and
   written in order.  */
static bool
without_offset(ssize_t n, bool *none)
{
	const bool again = n < 0 && errno == ESPIPE && !*none;

	*none = *none || again;
	return again;
}

/* Whether a call that returned N is to be made again: what was opened so that it
   doesn't wait, since it might have been a FIFO, has nothing yet (tracefs: trace_pipe).  */
static bool
has_to_wait(const struct stream *s, ssize_t n)
{
	if (n >= 0 || errno != EAGAIN)
		return false;
	const int flags = fcntl(s->source->fd, F_GETFL);
	const bool waits = (flags & O_NONBLOCK) == 0
		|| fcntl(s->source->fd, F_SETFL, flags & ~O_NONBLOCK) < 0;
	errno = EAGAIN;
	return !waits;
}

/* There is a hole before what is to be written.  */
static ssize_t
cannot_seek(void)
{
	errno = ESPIPE;
	return -1;
}

/* Read at most LEN bytes, at AT where the source can.  */
static ssize_t
get(struct stream *s, void *buf, size_t len, off_t at)
{
	ssize_t n;

	do {
		if (signals_fatal() != 0)
			return error_set(s->error, ERROR_INTERRUPTED, EINTR);
		if (!seekable(s) && wait_for_bytes(s->source->fd) < 0)
			return error_set(s->error, ERROR_INTERRUPTED, EINTR);
		n = s->reads ? read(s->source->fd, buf, len)
			: pread(s->source->fd, buf, len, at);
	} while (signals_retry(n) || without_offset(n, &s->reads) || has_to_wait(s, n));
	if (n < 0)
		return error_set_at(s->error, signals_fatal() != 0 ? ERROR_INTERRUPTED
				    : ERROR_READ, errno, at);
	return n;
}

/* Write all LEN bytes, at AT where the destination can.  */
static int
put(struct stream *s, const char *buf, size_t len, off_t at)
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

/* The bytes up to AT are where they belong.  */
static void
arrived(struct stream *s, off_t at, off_t bytes, enum count engine)
{
	s->dest->whole = at;
	totals_moved(s->counts, engine, (uint64_t) bytes);
}

/* Whether the file system reserves more behind what is written.  */
static bool
allocates_ahead(struct stream *s)
{
	if (!s->asked) {
		s->asked = true;
		s->ahead = fs_allocates_ahead(s->dest->fd, s->dest->device);
	}
	return s->ahead;
}

/* Leave a hole in [FROM, END) of a file that was there.  */
static int
leave_old_hole(struct stream *s, off_t from, off_t end)
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

/* Leave a hole in [FROM, END).  */
static int
leave_hole(struct stream *s, off_t from, off_t end)
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

/* Write LEN bytes, not 0, of BUF at AT, or leave holes where they are zeros.  */
static int
put_data(struct stream *s, const char *buf, size_t len, off_t at)
{
	const off_t end = at + (off_t) len;

	while (s->plan->sparse == SPARSE_ALWAYS && s->dest->form != DEST_SPECIAL
	       && at < end) {
		bool zeros;
		const size_t run = zeros_run(buf, (size_t) (end - at), at, &zeros);
		if (zeros && leave_hole(s, at, at + (off_t) run) < 0)
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

/* What is at AT is about to be copied: have it read, ahead of us, and what was copied
   leave memory, where that is planned.  */
static void
begin_piece(struct stream *s, off_t at)
{
	const struct source *const source = s->source;
	const off_t size = source->st.st_size;

	if (at < s->piece || at >= size || !seekable(s))
		return;
	if (s->plan->cold && !s->drop.wanted) {
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

/* Read and write from AT until END, or until end of file if END is -1.  Bytes moved to
   where it stopped: the new offset, or -1 with an error.  */
static off_t
read_write(struct stream *s, off_t at, off_t end)
{
	while (end < 0 || at < end) {
		size_t len = sizeof buffer;
		begin_piece(s, at);
		if (end >= 0 && end - at < (off_t) len)
			len = (size_t) (end - at);
		const ssize_t n = get(s, buffer, ratelimit_piece(len), at);
		if (n < 0)
			return -1;
		if (n == 0) {
			s->ended = true;
			break;
		}
		if (put_data(s, buffer, (size_t) n, at) < 0)
			return -1;
		at += n;
		arrived(s, at, n, COUNT_READ_WRITE);
	}
	return at;
}

/* The same from the source's mapping; what is not worth mapping, or has a page that
   can't be had, by read and write, which have an errno for that.  */
static off_t
write_lent(struct stream *s, off_t at, off_t end)
{
	if ((uint64_t) (end - at) < s->plan->read_below)
		return read_write(s, at, end);
	while (at < end && !s->ended) {
		const size_t len = ratelimit_piece(end - at < (off_t) sizeof buffer
						   ? (size_t) (end - at)
						   : sizeof buffer);
		if (signals_fatal() != 0)
			return error_set(s->error, ERROR_INTERRUPTED, EINTR);
		s->dest->touched = true;
		if (mapping_write(&s->map, s->dest->fd, (uint64_t) at, len) == 0) {
			at += (off_t) len;
			s->written = at;
			arrived(s, at, (off_t) len, COUNT_READ_WRITE);
		} else if (errno != EFAULT) {
			return error_set_at(s->error, ERROR_WRITE, errno, at);
		} else if ((at = read_write(s, at, at + (off_t) len)) < 0) {
			return -1;
		}
		if ((uint64_t) at - s->map.from >= MAPPING_KEPT)
			mapping_give_back(&s->map, (uint64_t) at);
	}
	return at;
}

/* copy_file_range would not go on at AT.  0 bytes are its answer for /proc too, and so
   only what the file's size is now tells whether it has ended.  AT if it has; else -1
   with a error.  */
static off_t
stopped_short(struct stream *s, int err, off_t at)
{
	struct stat now;

	s->ended = err == ENODATA && fstat(s->source->fd, &now) == 0 && now.st_size <= at;
	return s->ended ? at : error_set_at(s->error, ERROR_REFUSED, err, at);
}

/* The same by copy_file_range.  */
static off_t
copy_range(struct stream *s, off_t at, off_t end)
{
	while (at < end) {
		off_t in = at, out = at;
		if (signals_fatal() != 0)
			return error_set(s->error, ERROR_INTERRUPTED, EINTR);
		begin_piece(s, at);
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
		arrived(s, at, n, COUNT_KERNEL);
	}
	return at;
}

/* Whether the source's size isn't any more what it was: 1, 0, or -1 with an error.  */
static int
is_resized(struct stream *s)
{
	struct stat now;

	if (fstat(s->source->fd, &now) < 0)
		return error_set(s->error, ERROR_STAT_SOURCE, errno);
	return now.st_size != s->source->st.st_size;
}

/* What remains after the end that stat promised: nothing, unless its size is not to be
   believed.  A file that grew meanwhile is not read on, or it might never end.  */
static off_t
read_past_size(struct stream *s, off_t at)
{
	while (!s->ended && at <= INT64_MAX - (off_t) sizeof buffer) {
		/* Bytes without an offset that were read would be missed by whoever
		   follows the source; for others the size is asked for afterwards, if
		   at all: that may be a request.  */
		int resized = s->reads ? is_resized(s) : 0;
		if (resized != 0)
			return resized < 0 ? -1 : at;
		const ssize_t n = get(s, buffer, ratelimit_piece(sizeof buffer), at);
		s->ended = n == 0;
		if (n <= 0)
			return n < 0 ? -1 : at;
		resized = s->reads ? 0 : is_resized(s);
		if (resized != 0)
			return resized < 0 ? -1 : at;
		if (put_data(s, buffer, (size_t) n, at) < 0)
			return -1;
		at += n;
		arrived(s, at, n, COUNT_READ_WRITE);
	}
	return at;
}

/* Fill what is a hole of the source, [FROM, END).  What can't be filled is read, and
   never through a mapping: that might allocate it.  */
static int
fill_hole(struct stream *s, off_t from, off_t end)
{
	if (from >= end || allocate_fill(s->dest, from, end, s->error) == 0)
		return 0;
	if (s->error->step != ERROR_REFUSED)
		return -1;
	const off_t at = s->plan->method == METHOD_KERNEL ? copy_range(s, from, end)
		: read_write(s, from, end);
	return at < 0 ? -1 : 0;
}

/* Do what is planned with what is a hole of the source, [FROM, END).  */
static int
pass_hole(struct stream *s, off_t from, off_t end)
{
	return s->plan->holes == HOLES_FILLED && s->dest->form != DEST_SPECIAL
		? fill_hole(s, from, end) : leave_hole(s, from, end);
}

/* Whether it is worth looking for holes: one that is not looked for is copied as
   zeros.  */
static bool
may_have_holes(const struct stream *s)
{
	const struct stat *const st = &s->source->st;

	return st->st_size >= EXTENT_LOOK_FROM || extent_lacks_blocks(st);
}

/* The next data at or after AT, or all there is where holes can't be kept.  */
static int
next_data(const struct stream *s, off_t at, struct extent *data)
{
	const off_t size = s->source->st.st_size;

	if (s->dest->form != DEST_SPECIAL && s->plan->holes != HOLES_READ
	    && may_have_holes(s))
		return extent_next(s->source->fd, at, size, data);
	return extent_all(s->source->fd, at, size, data);
}

/* Whether copy_file_range serves these two files at all; asked before an old file is
   changed, where no other way will do.  */
static bool
kernel_serves(const struct stream *s)
{
	off_t in = 0, out = 0;

	return !s->plan->exact || s->dest->form != DEST_IN_PLACE
		|| sys_copy_range(s->source->fd, &in, s->dest->fd, &out, 0) == 0;
}

/* A regular file that has a size.  The size that it turned out to have, or -1.  */
static off_t
copy_sized(struct stream *s, bool by_kernel)
{
	off_t (*const way)(struct stream *, off_t, off_t) = by_kernel ? copy_range
		: s->map.source != NULL ? write_lent : read_write;
	const off_t size = s->source->st.st_size;
	off_t at = s->dest->whole;
	struct extent data;
	int found;

	if (by_kernel && !kernel_serves(s))
		return error_set_at(s->error, ERROR_REFUSED, errno, 0);
	while (!s->ended && (found = next_data(s, at, &data)) != 0) {
		if (found < 0)
			return error_set(s->error, ERROR_READ, errno);
		if (pass_hole(s, at, data.start) < 0)
			return -1;
		at = s->ended ? s->dest->whole : way(s, data.start, data.end);
		if (at < 0)
			return -1;
	}
	if (s->ended)
		return at;
	if (at < size && pass_hole(s, at, size) < 0)
		return -1;
	if (s->ended)
		return s->dest->whole;
	return by_kernel ? size : read_past_size(s, size);
}

/* Into hugetlbfs, which has no write: read(2) puts the bytes into the mapped page, and
   the kernel, unlike a memcpy, has an errno for a page that can't be had.  */
static off_t
copy_into_huge_pages(struct stream *s)
{
	const off_t page = (off_t) s->dest->huge_page;
	char *map = NULL;
	off_t at = 0;
	ssize_t n = 0;

	if (s->dest->form == DEST_IN_PLACE && allocate_resize(s->dest, 0, s->error) < 0)
		return -1;
	do {
		if (at % page == 0) {
			if (map != NULL)
				munmap(map, (size_t) page);
			map = NULL;
			if (allocate_resize(s->dest, at + page, s->error) < 0)
				return -1;
			map = mmap(NULL, (size_t) page, PROT_READ | PROT_WRITE,
				   MAP_SHARED,
				   s->dest->fd, at);
			if (map == MAP_FAILED)
				return error_set_at(s->error, ERROR_WRITE, errno, at);
		}
		n = get(s, map + at % page, (size_t) (page - at % page), at);
		if (n > 0) {
			at += n;
			s->written = at;
			arrived(s, at, n, COUNT_READ_WRITE);
		}
	} while (n > 0);
	munmap(map, (size_t) page);
	if (n == 0 && at % page == 0 && allocate_resize(s->dest, at, s->error) < 0)
		return -1;	/* the last page was one too many */
	return n < 0 ? -1 : at;
}

/* Set the size where the last write didn't: a hole at the end, or an old file that was
   longer, or that nothing was written to and whose times have to move all the same: btrfs
   leaves them alone where a hole is punched.  */
static int
finish(struct stream *s, off_t size)
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
	   end. ftruncate would give it back, too, but wait for all data to be written.  */
	if (is_old && size > old && allocates_ahead(s))
		sys_punch(dest->fd, size, RESERVED_MOST);
	s->dest->whole = size;
	return 0;
}

/* On FUSE and networks, have the kernel ask for twice as much at a time, as cp does.  */
static void
ask_for_more(const struct stream *s)
{
	enum { READ_AHEAD = 128 << 10 };
	const struct stat *const st = &s->source->st;

	if (S_ISREG(st->st_mode) && st->st_size > READ_AHEAD && !s->drop.wanted
	    && fs_trust(s->source->fd, ".", st->st_dev) == FS_UNKNOWN)
		posix_fadvise(s->source->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
}

static int
copy_all(const struct plan *plan, const struct source *source, struct dest_file *dest,
	struct counts *counts, struct error *error)
{
	struct stream s = { .source = source, .dest = dest, .counts = counts,
			   .error = error,
			    .plan = plan, .map = MAPPING_PAIR_NONE };
	const bool sized = seekable(&s) && source->st.st_size > 0;
	off_t size;

	s.written = s.end = dest->whole;
	s.reads = !seekable(&s);
	s.writes = dest->form == DEST_SPECIAL;
	s.drop = dropbehind_begin(plan->nocache, seekable(&s) ? source->fd : -1,
				  dest->form == DEST_SPECIAL ? -1 : dest->fd,
				  dest->form == DEST_IN_PLACE);
	ask_for_more(&s);
	const struct mapping_wish lent = { .source = source->fd, .dest = -1,
				       .size = (uint64_t) source->st.st_size,
				       .source_page = fstype_huge_page(source->fd,
				       source->st.st_dev) };
	if (plan->lent && plan->method == METHOD_STREAM && sized)	/* or a buffer will do */
		mapping_open(&s.map, &lent);
	if (!sized && dest->form != DEST_SPECIAL)
		dest->huge_page = fstype_huge_page(dest->fd, dest->device);
	if (dest->huge_page != 0)
		size = copy_into_huge_pages(&s);
	else
		size = sized ? copy_sized(&s, plan->method == METHOD_KERNEL)
			: read_write(&s, 0, -1);
	if (size < 0 && error->step == ERROR_WRITE && error->err == EINVAL && sized
	    && !s.reads
	    && dest->huge_page == 0
	    && (dest->huge_page = fstype_huge_page(dest->fd, dest->device)) != 0)
		size = copy_into_huge_pages(&s);
	mapping_close(&s.map);
	if (dropbehind_end(&s.drop) < 0 && size >= 0)
		return error_set(error, ERROR_FLUSH, errno);
	return size < 0 ? -1 : finish(&s, size);
}

int
stream_copy(const struct plan *plan, const struct source *source, struct dest_file *dest,
	struct counts *counts, struct error *error)
{
	/* A pipe may never take what we have for it, and needs no cleaning up.  */
	const bool special = dest->form == DEST_SPECIAL;
	/* Whoever types, or reads, at a terminal isn't to find a bar there.  */
	const bool typed = (special && isatty(dest->fd))
		|| (S_ISCHR(source->st.st_mode) && isatty(source->fd));

	timer_hold(typed);
	if (special)
		signals_die_at_once(true);
	const int ret = copy_all(plan, source, dest, counts, error);
	timer_hold(false);
	if (special)
		signals_die_at_once(false);
	return ret;
}
