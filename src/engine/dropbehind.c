/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dropbehind.c: behind the copy, memory is as before.  The source's read-ahead is ours,
   exact to the piece: the kernel's own would bring in pages of the next piece, which
   then seem to have been there before.  */
#include "config.h"

#include "engine/dropbehind.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/error.h"

struct dropbehind
dropbehind_begin(bool wanted, int source, int dest, bool old)
{
	struct dropbehind drop = { .wanted = wanted, .source = source, .dest = dest,
				  .old = old };

	if (!wanted)
		return drop;
	drop.piece = calloc(DROPBEHIND_LAG, sizeof *drop.piece);
	drop.wanted = drop.piece != NULL;
	if (drop.wanted && source >= 0)
		posix_fadvise(source, 0, 0, POSIX_FADV_RANDOM);
	return drop;
}

/* Wait for the oldest piece to be written back, and drop it.  */
static void
dropbehind_oldest(struct dropbehind *drop)
{
	const struct pagecache_pages *const pages = &drop->piece[drop->first].dest;

	if (sync_file_range(drop->dest, pages->from, pages->end - pages->from,
			    SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE
			    | SYNC_FILE_RANGE_WAIT_AFTER) < 0
	    && error_is_final(errno))
		drop->err = errno;
	pagecache_drop(pages, drop->dest);
	drop->first = (drop->first + 1) % DROPBEHIND_LAG;
	drop->count--;
}

void
dropbehind_enter(struct dropbehind *drop, off_t from, off_t end)
{
	if (!drop->wanted || from >= end || end - from > DROPBEHIND_PIECE)
		return;
	if (drop->count == DROPBEHIND_LAG)
		dropbehind_oldest(drop);
	drop->current = &drop->piece[(drop->first + drop->count) % DROPBEHIND_LAG];
	if (drop->source >= 0) {
		pagecache_look(&drop->current->source, drop->source, from, end);
		pagecache_read_ahead(drop->source, from, end);
	}
	drop->current->dest = (struct pagecache_pages) { .from = from, .end = end,
							.none = true };
	if (drop->old && drop->dest >= 0)
		pagecache_look(&drop->current->dest, drop->dest, from, end);
}

void
dropbehind_leave(struct dropbehind *drop)
{
	if (drop->current == NULL)
		return;
	if (drop->source >= 0)
		pagecache_drop(&drop->current->source, drop->source);
	if (drop->dest >= 0) {
		const struct pagecache_pages *const pages = &drop->current->dest;
		sync_file_range(drop->dest, pages->from, pages->end - pages->from,
				SYNC_FILE_RANGE_WRITE);
		drop->count++;
	}
	drop->current = NULL;
}

int
dropbehind_end(struct dropbehind *drop)
{
	dropbehind_leave(drop);
	while (drop->count > 0)
		dropbehind_oldest(drop);
	free(drop->piece);
	drop->piece = NULL;
	drop->wanted = false;
	errno = drop->err;
	return drop->err != 0 ? -1 : 0;
}
