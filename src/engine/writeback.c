/* SPDX-License-Identifier: GPL-3.0-or-later */
/* writeback.c: write data back to the device piece by piece: fsync alone shows no
   progress until it is done.  */
#include "config.h"

#include "engine/writeback.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/totals.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "base/timer.h"
#include "engine/extent.h"

#define PIECE ((off_t) 64 << 20)

/* Return where the next piece begins, at or after AT: holes, which may have 1 PiB, have
   nothing to wait for.  What is hidden in one by ext4 without extents is left to
   fsync.  */
static off_t
next_piece(int fd, off_t at, off_t size)
{
	const off_t data = sys_next_data(fd, at);

	return data >= at && data < size ? data : data < 0 && errno != ENXIO ? at : size;
}

/* Wait for the piece at AT, and have the next one begun.  */
static int
writeback_piece(int fd, off_t at, off_t size)
{
	if (size - at > PIECE)
		sync_file_range(fd, at + PIECE, PIECE, SYNC_FILE_RANGE_WRITE);
	return sync_file_range(fd, at, PIECE,
			       SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE
			       | SYNC_FILE_RANGE_WAIT_AFTER);
}

int
writeback_range(int fd, off_t size)
{
	off_t at = 0, flushed = 0;
	int ret = 0;

	if (size <= PIECE)
		return 0;
	totals_add(COUNT_FLUSHING, (uint64_t) size);
	while (ret == 0 && (at = next_piece(fd, at, size)) < size) {
		const off_t end = extent_end(at, PIECE, size);
		timer_check();
		if (signals_fatal() != 0) {
			errno = EINTR;
			ret = -1;
		} else if (writeback_piece(fd, at, size) == 0) {
			totals_add(COUNT_FLUSHED, (uint64_t) (end - flushed));
			at = flushed = end;
		} else if (errno != EINTR) {
			/* An error that it reports, fsync won't report again.  */
			ret = error_is_final(errno) ? -1 : 1;
		}
	}
	totals_add(COUNT_FLUSHED, (uint64_t) (size - flushed));
	return ret < 0 ? -1 : 0;
}

int
writeback_file(int fd, off_t size)
{
	return writeback_range(fd, size) < 0 || fsync(fd) < 0 ? -1 : 0;
}
