/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hashfile.c: hash a file in its order, by windows that stay in the cache.  */
#include "config.h"

#include "engine/hashfile.h"

#include <errno.h>
#include <stdbool.h>

#include "base/descriptor.h"
#include "base/signals.h"
#include "engine/extent.h"

enum { WINDOW = 256 << 10 };

static char window[WINDOW];

/* Return whether a signal asks us to end, with errno.  */
static bool
is_interrupted(void)
{
	if (signals_fatal() == 0)
		return false;
	errno = EINTR;
	return true;
}

/* Add the bytes [AT, END) of FD.  Return 1; 0 if the file ends before; or -1 with
   errno.  */
static int
add_data(struct hash *hash, int fd, off_t at, off_t end)
{
	while (at < end) {
		const size_t len = end - at < WINDOW ? (size_t) (end - at) : WINDOW;
		const ssize_t n = is_interrupted() ? -1
			: descriptor_read(fd, window, len, at);
		if (n < 0 || hash_add(hash, window, (size_t) n) < 0)
			return -1;
		if ((size_t) n < len)
			return 0;
		at += n;
	}
	return 1;
}

/* Add LEN zeros.  Return 0, or -1 with errno.  */
static int
add_hole(struct hash *hash, off_t len)
{
	const off_t step = (off_t) 64 << 20;

	for (; len > 0; len -= step)
		if (is_interrupted()
		    || hash_add_zeros(hash, (uint64_t) (len < step ? len : step)) < 0)
			return -1;
	return 0;
}

int
hashfile_digest(struct hash *hash, int fd, const struct stat *st,
	unsigned char digest[static HASH_BYTES])
{
	const off_t size = st->st_size;
	const bool looks = size >= EXTENT_LOOK_FROM || extent_lacks_blocks(st);
	struct extent data;
	off_t at = 0;
	int ret = hash_begin(hash) < 0 ? -1 : 1;

	while (ret > 0 && at < size) {
		const int found = (looks ? extent_next : extent_all)(fd, at, size, &data);
		if (found < 0)
			return -1;
		if (found == 0)
			data = (struct extent) { size, size };
		ret = add_hole(hash, data.start - at) < 0 ? -1
			: add_data(hash, fd, data.start, data.end);
		at = data.end;
	}
	return ret < 0 ? -1 : hash_end(hash, digest);
}
