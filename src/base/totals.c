/* SPDX-License-Identifier: GPL-3.0-or-later */
/* totals.c: the run's counts, a set for each process.  */
#include "config.h"

#include "base/totals.h"

#include <stdatomic.h>
#include <sys/mman.h>

#include "base/ratelimit.h"
#include "base/timer.h"

/* No two processes share a line of any processor's cache.  */
struct place {
	_Alignas(128) struct counts counts;
	_Atomic bool taken;
};

/* The parent has the first.  Each walker of a tree may have workers for a large file; of
   more than these, some share a set, and what they count may be lost.  */
enum { PLACES = 2 * WORKERS_MAX + 1 };

static struct place alone;
static struct place *places = &alone;
static struct place *own = &alone;
static _Atomic unsigned *top;	/* how many were ever used, shared */

void
totals_add(enum count what, uint64_t n)
{
	counts_add(&own->counts, what, n);
}

struct counts *
totals_own(void)
{
	return &own->counts;
}

void
totals_add_file(const struct counts *counts)
{
	counts_add_all(&own->counts, counts);
}

void
totals_moved(struct counts *counts, enum count engine, uint64_t n)
{
	counts_add(counts, engine, n);
	totals_add(COUNT_MOVED, n);
	ratelimit_take(n);
	timer_check();
}

unsigned
totals_numbers(void)
{
	return places == &alone ? 1 : *top;
}

uint64_t
totals_read(enum count what)
{
	const unsigned used = totals_numbers();
	uint64_t sum = 0;

	for (unsigned i = 0; i < used; i++)
		sum += counts_get(&places[i].counts, what);
	return sum;
}

uint64_t
totals_left(enum count to_do, enum count done)
{
	/* Both grow meanwhile, the first one first.  */
	const uint64_t before = totals_read(done), all = totals_read(to_do);

	return all > before ? all - before : 0;
}

void
totals_read_all(struct counts *counts)
{
	for (unsigned i = 0; i < COUNTS; i++)
		counts_set(counts, i, totals_read(i));
}

void
totals_share(void)
{
	if (places != &alone)
		return;
	struct place *const shared = mmap(NULL, PLACES * sizeof *shared + sizeof *top,
					  PROT_READ | PROT_WRITE,
					  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return;
	top = (_Atomic unsigned *) (void *) (shared + PLACES);
	*top = 1;
	shared->taken = true;
	counts_add_all(&shared->counts, &alone.counts);
	places = own = shared;
}

unsigned
totals_assign(void)
{
	if (places == &alone)
		return 0;
	for (unsigned i = 1; i < PLACES; i++)
		if (!atomic_exchange(&places[i].taken, true)) {
			unsigned known = *top;
			while (known <= i && !atomic_compare_exchange_weak(top, &known,
									   i + 1))
				;
			return i;
		}
	return PLACES - 1;
}

void
totals_is(unsigned number)
{
	if (places != &alone)
		own = &places[number];
}

bool
totals_runs(unsigned number, uint64_t *moved)
{
	*moved = counts_get(&places[number].counts, COUNT_MOVED);
	return places[number].taken;
}

void
totals_set(unsigned number, const struct counts *counts)
{
	for (unsigned i = 0; places != &alone && i < COUNTS; i++)
		counts_set(&places[number].counts, i, counts_get(counts, i));
}

void
totals_release(unsigned number)
{
	if (places != &alone)
		places[number].taken = false;
}
