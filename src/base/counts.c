/* SPDX-License-Identifier: GPL-3.0-or-later */
/* counts.c: counts that parent and workers share.  */
#include "config.h"

#include "base/counts.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "base/ratelimit.h"
#include "base/tally.h"
#include "base/timer.h"

/* No two of them share a line of any processor's cache.  */
struct place {
	_Alignas(128) _Atomic uint64_t count[COUNTS];
};

enum { PLACES = WORKERS_MAX + 1 };	/* the parent has the first */

static struct place alone;
static struct place *places = &alone;
static struct place *own = &alone;

void
counts_add(enum count what, uint64_t n)
{
	_Atomic uint64_t *const count = &own->count[what];

	/* Nobody else writes there.  */
	atomic_store_explicit(count,
			      atomic_load_explicit(count, memory_order_relaxed) + n,
			      memory_order_relaxed);
}

void
counts_moved(uint64_t n)
{
	counts_add(COUNT_MOVED, n);
	ratelimit_take(n);
	timer_check();
}

uint64_t
counts_read(enum count what)
{
	const unsigned count = places == &alone ? 1 : PLACES;
	uint64_t sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum += atomic_load_explicit(&places[i].count[what], memory_order_relaxed);
	return sum;
}

void
counts_share(void)
{
	if (places != &alone)
		return;
	struct place *const shared = mmap(NULL, PLACES * sizeof *shared,
					  PROT_READ | PROT_WRITE,
					  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return;
	for (unsigned i = 0; i < COUNTS; i++)
		shared->count[i] = alone.count[i];
	places = own = shared;
}

void
counts_is_worker(unsigned worker)
{
	if (places != &alone)
		own = &places[1 + worker];
}
