/* SPDX-License-Identifier: GPL-3.0-or-later */
/* writebehind.c: pieces of files on their way to the device, the oldest first.  A piece
   has a descriptor of its own, since its file is closed long before it is written.  */
#include "config.h"

#include "base/writebehind.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/dirty.h"
#include "base/error.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "base/timer.h"

#define MIB UINT64_C(1048576)
#define SECOND UINT64_C(1000000000)

/* Bytes: of a piece; that a copy may have without anything being sent on, so that a short
   one waits for nothing.  */
#define PIECE (2 * MIB)
#define FREE (32 * MIB)

/* Pieces that a process may have, and which part of its descriptors these may be.  */
enum { PIECES = 128, PART = 8 };

struct piece {
	int fd;
	off_t from, end;
	int64_t bytes;			/* of those, that it stands for */
	unsigned file;			/* its number */
	bool told;			/* that the file could not be written */
	uint64_t time;			/* nanoseconds: when it was held, or sent on */
};

/* Those from FIRST on; SENT of them are on their way.  */
static struct piece ring[PIECES];
static unsigned first, count, sent;
static unsigned most = PIECES;		/* that there may be */
static struct piece current = { .fd = -1 };	/* not in the ring yet */
static int current_of = -1;		/* its file's descriptor */
static unsigned file;			/* the number of the file that is being copied */
static unsigned own;			/* this process */
static int failed, failed_before;	/* errno: of this file, of those before it */

void
writebehind_prepare(void)
{
	struct rlimit limit;

	dirty_share();
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur / PART < PIECES)
		most = 1 + (unsigned) limit.rlim_cur / PART;
}

size_t
writebehind_piece(size_t len)
{
	return len > PIECE && dirty_is_on() && !dirty->remote ? PIECE : len;
}

/* ---- pieces ---- */

static int64_t
length(const struct piece *piece)
{
	return piece->end - piece->from;
}

/* Send the next piece on.  */
static void
send_next(void)
{
	struct piece *const piece = &ring[(first + sent++) % PIECES];

	sync_file_range(piece->fd, piece->from, length(piece), SYNC_FILE_RANGE_WRITE);
	piece->time = clock_now();
	dirty_change(own, 0, piece->bytes);
}

/* Send pieces on as long as few enough are on their way.  */
static void
send_on(void)
{
	while (sent < count && dirty->all.sent < dirty->limit)
		send_next();
}

/* Wait for the oldest piece, unless the program is to end.  */
static void
wait_for_oldest(void)
{
	const struct piece *const piece = &ring[first];
	const int flags = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE
		| SYNC_FILE_RANGE_WAIT_AFTER;

	if (sent == 0)
		send_next();
	if (signals_fatal() == 0
	    && sync_file_range(piece->fd, piece->from, length(piece), flags) < 0
	    && error_is_final(errno) && !piece->told)
		*(piece->file == file ? &failed : &failed_before) = errno;
	close(piece->fd);
	dirty_change(own, -piece->bytes, -piece->bytes);
	first = (first + 1) % PIECES;
	count--;
	sent--;
	dirty_wrote((uint64_t) piece->bytes);
}

/* Return whether PIECE is known to be written.  */
static bool
is_written(const struct piece *piece)
{
	struct sys_pages pages;

	return sys_cached_pages(piece->fd, piece->from, length(piece), &pages) == 0
		&& pages.cached > 0 && pages.dirty + pages.writeback == 0;
}

/* Return whether something was done with the oldest piece so long ago that it is time for
   the next: to send it on; or to wait for it, since it may not be known otherwise that it
   has arrived.  */
static bool
is_late(void)
{
	return clock_now() - ring[first].time > SECOND / 2;
}

/* Return whether pieces are to be sent on.  */
static bool
is_begun(void)
{
	return dirty->begun > FREE || dirty->waits || sent > 0 || is_late();
}

/* Send on what may be, and wait while too much is in memory, or for what is late.  */
static void
work_off(void)
{
	while (count > 0 && is_begun() && signals_fatal() == 0) {
		send_on();
		if (sent == 0 || !is_written(&ring[first])) {
			if (dirty->all.held <= dirty->limit
			    && (sent == 0 || !is_late()))
				return;
			dirty->waits = true;
		}
		wait_for_oldest();
		timer_check();
	}
}

/* Put PIECE at the end of the ring.  */
static void
append(const struct piece *piece)
{
	if (count >= most) {
		send_on();
		wait_for_oldest();
	}
	ring[(first + count++) % PIECES] = *piece;
	dirty_change(own, piece->bytes, 0);
}

/* Put the current piece into the ring.  */
static void
hold(void)
{
	if (current.fd < 0)
		return;
	current.time = clock_now();
	current.bytes = length(&current);
	dirty->begun += (uint64_t) current.bytes;
	append(&current);
	current.fd = -1;
	work_off();
}

/* LEN bytes at AT are part of the current piece, or begin another.  */
static void
note(int fd, off_t at, off_t len)
{
	if (current.fd >= 0 && (fd != current_of || at != current.end))
		hold();
	if (current.fd < 0) {
		current = (struct piece) { .fd = fcntl(fd, F_DUPFD_CLOEXEC, 0),
					   .from = at, .file = file };
		current_of = fd;
	}
	current.end = at + len;
	/* Where no descriptor is left.  */
	if (current.fd < 0 && sync_file_range(fd, at, len, SYNC_FILE_RANGE_WRITE
					      | SYNC_FILE_RANGE_WAIT_AFTER) < 0
	    && error_is_final(errno))
		failed = errno;
	if (current.fd >= 0 && (uint64_t) length(&current) >= PIECE)
		hold();
}

void
writebehind_moved(int fd, off_t at, off_t len)
{
	if (dirty == NULL || dirty->mode == DIRTY_OFF)
		return;
	if (dirty->mode == DIRTY_ON) {
		note(fd, at, len);
		return;
	}
	sync_file_range(fd, at, len, SYNC_FILE_RANGE_WRITE);
	dirty_sampled_more((uint64_t) len);
}

void
writebehind_adopt(int fd, off_t size, uint64_t bytes)
{
	const off_t n = (off_t) ((bytes + PIECE - 1) / PIECE);

	if (!dirty_is_on())
		return;
	dirty->left -= bytes;
	for (off_t i = 0; i < n; i++) {
		const uint64_t some = bytes < PIECE ? bytes : PIECE;
		const struct piece piece = {
			.fd = fcntl(fd, F_DUPFD_CLOEXEC, 0),
			.from = size / n * i,
			.end = i + 1 < n ? size / n * (i + 1) : size,
			.bytes = (int64_t) some, .file = file, .time = clock_now(),
		};
		if (piece.fd < 0) {
			dirty->left += bytes;
			return;
		}
		append(&piece);
		bytes -= some;
	}
}

int
writebehind_leave(void)
{
	if (!dirty_is_on())
		return 0;
	hold();
	const int err = failed;
	failed = 0;
	for (unsigned i = 0; err != 0 && i < count; i++) {
		struct piece *const piece = &ring[(first + i) % PIECES];
		piece->told = piece->told || piece->file == file;
	}
	file++;
	errno = err;
	return err != 0 ? -1 : 0;
}

void
writebehind_look(void)
{
	while (count > 0 && is_begun()) {
		send_on();
		if (sent == 0 || !(is_written(&ring[first]) || is_late()))
			return;
		wait_for_oldest();
	}
}

int
writebehind_drain(void)
{
	if (dirty == NULL)
		return 0;
	hold();
	while (count > 0 && signals_fatal() == 0
	       && (dirty->waits || is_written(&ring[first]))) {
		send_on();
		wait_for_oldest();
		timer_check();
	}
	errno = failed != 0 ? failed : failed_before;
	failed = failed_before = 0;
	return errno != 0 ? -1 : 0;
}

void
writebehind_is_worker(unsigned number)
{
	own = number;
	while (count > 0)
		close(ring[(first + --count) % PIECES].fd);
	if (current.fd >= 0)
		close(current.fd);
	current.fd = -1;
	sent = 0;
	failed = failed_before = 0;
}
