/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dirty.c: one limit for all processes of a copy, which is what the device writes in some
   seconds.  */
#include "config.h"

#include "base/dirty.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

#include "base/clock.h"

#define MIB UINT64_C(1048576)
#define SECOND UINT64_C(1000000000)

/* Bytes: that may be on their way at least; of a sample.  What is on its way has to
   arrive even if a signal ends the copy and the file is removed.  */
#define LEAST (4 * MIB)
#define SAMPLE (8 * MIB)

/* Seconds that the device may take for what is on its way.  */
enum { WORTH = 1 };

struct dirty *dirty;

void
dirty_share(void)
{
	void *const share = mmap(NULL, sizeof *dirty, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (share != MAP_FAILED)
		dirty = share;
}

static int64_t
limit_of(uint64_t rate)
{
	return (int64_t) (rate * WORTH > LEAST ? rate * WORTH : LEAST);
}

void
dirty_begin(uint64_t rate, uint64_t earlier, bool remote)
{
	if (dirty == NULL)
		return;
	dirty->earlier = earlier;
	dirty->limit = limit_of(rate);
	dirty->waits = rate > 0;
	dirty->remote = remote;
	dirty->mode = DIRTY_ON;
}

bool
dirty_is_on(void)
{
	return dirty != NULL && dirty->mode == DIRTY_ON;
}

void
dirty_sample(void)
{
	if (dirty == NULL || dirty->mode != DIRTY_OFF)
		return;
	dirty->sampled = 0;
	dirty->mode = DIRTY_SAMPLE;
}

void
dirty_sampled_more(uint64_t len)
{
	int sampling = DIRTY_SAMPLE;

	if (atomic_fetch_add(&dirty->sampled, len) + len >= SAMPLE)
		atomic_compare_exchange_strong(&dirty->mode, &sampling, DIRTY_OFF);
}

uint64_t
dirty_sampled(bool *full)
{
	*full = dirty != NULL && dirty->mode != DIRTY_SAMPLE;
	return dirty != NULL ? dirty->sampled : 0;
}

void
dirty_change(unsigned number, int64_t held, int64_t sent)
{
	struct dirty_bytes *const own = &dirty->each[number];

	own->held += held;
	own->sent += sent;
	dirty->all.held += held;
	dirty->all.sent += sent;
}

void
dirty_wrote(uint64_t bytes)
{
	const uint64_t now = clock_now();
	const uint64_t written = atomic_fetch_add(&dirty->written, bytes) + bytes;
	uint64_t last = dirty->time;

	if ((last != 0 && now - last < SECOND / 2)
	    || !atomic_compare_exchange_strong(&dirty->time, &last, now))
		return;
	const uint64_t since = written - atomic_exchange(&dirty->then, written);
	if (last != 0)
		dirty->limit = limit_of((uint64_t) ((double) since * 1e9
						    / (double) (now - last)));
}

uint64_t
dirty_release(unsigned number)
{
	if (dirty == NULL)
		return 0;
	const int64_t held = atomic_exchange(&dirty->each[number].held, 0);

	dirty->all.held -= held;
	dirty->all.sent -= atomic_exchange(&dirty->each[number].sent, 0);
	if (held <= 0)
		return 0;
	dirty->left += (uint64_t) held;
	return (uint64_t) held;
}

uint64_t
dirty_all(void)
{
	if (!dirty_is_on())
		return 0;
	const int64_t held = dirty->all.held;	/* less than 0 after a death */
	return dirty->earlier + dirty->left + (uint64_t) (held > 0 ? held : 0);
}

void
dirty_earlier(uint64_t left)
{
	if (dirty != NULL && left < dirty->earlier)
		dirty->earlier = left;
}
