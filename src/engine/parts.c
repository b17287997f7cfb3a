/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parts.c: the parts of a plan: workers, chunks, windows, and the ways to be tried.  */
#include "config.h"

#include "engine/parts.h"

#include "engine/blockhash.h"
#include "engine/facts.h"
#include "engine/far.h"

#define MIB ((uint64_t) 1 << 20)

/* What a worker claims at a time.  It is small, so that workers end together: 32 MiB are
   1.58 times as fast by two as by one, with chunks of 16 MiB 1.38 times.  Larger chunks
   keep a device busy (doc/measurements.md#chunk-size).  */
#define CHUNK (4 * MIB)
#define CHUNK_OF_DEVICE (16 * MIB)

/* A source that isn't in memory is read by so many workers at least, each from a place of
   its own and up to so many bytes at a stretch: the kernel reads ahead for each of them.
   1 GiB from a disk: 1.19 times cp, with stretches of 16 MiB 0.99; by two workers 1.01
   (doc/measurements.md#cold-files).  */
#define STREAMS 4
#define STRETCH_MOST (256 * MIB)

/* Memory that each needs for what is read ahead.  With less, one process reads.  */
#define STREAM_MEMORY (64 * MIB)

/* What a worker populates and copies at a time.  A page that was just cleared is still in
   the processor's cache when it is copied to: 2.02 times cp, with 1 MiB 1.77
   (doc/measurements.md#window-size).  */
#ifndef MAP_WINDOW
# define MAP_WINDOW (MIB / 4)
#endif

/* The same where the source is read from its device: the kernel reads ahead as far as a
   call asks, even if the device is set to less: 2.15 times cp, by 256 KiB 1.79
   (doc/measurements.md#cold-files).  */
#define WINDOW_OF_DEVICE MIB

/* What is timed at a time while a way of writing is chosen: one part in so many of what a
   process has to write, so that a trial of two slower ways costs about a hundredth; where
   that would be less than the least, nothing is tried
   (doc/decisions/018-the-first-windows-decide.md).  */
#ifndef TRIAL_PART
# define TRIAL_PART 128
# define TRIAL_LEAST (MIB / 4)
# define TRIAL_MOST MIB
#endif

/* Data of fewer bytes than this is read, not mapped: page tables would be made
   and freed for each place.  10 000 places take 0.52 s, mapped 0.60
   (doc/measurements.md#sparse-files).  */
#define SOURCE_MAP_MIN MAP_WINDOW	/* or a window, if that is smaller */

/* Between holes, such data isn't mapped at the destination either: each page would
   need a page fault, since a larger folio would fill the hole.  All workers write it, in
   turn, and no blocks are reserved: 10 000 places on XFS are 3.47 times as fast as by
   cp, mapped 2.06.  Not on tmpfs, where pages are supplied
   (doc/measurements.md#short-data).  */

/* ---- workers ---- */

/* Return whether the workers read from a device, each a stretch of its own.  */
static bool
are_streams(const struct facts *facts, const struct plan_policy *policy)
{
	/* The kernel reads ahead what was reserved and never written, too, and then that
	   is no hole any more.  */
	return facts->cold && !facts->holes && facts->unfit == REASON_NONE
		&& !policy->nocache && !policy->direct && !facts->only_mapped
		&& facts->cpus > 1
		&& (policy->engine == NULL || policy_names(policy, ENGINE_MMAP));
}

/* Return whether workers wait for a device.  */
static bool
waits(const struct facts *facts, const struct plan_policy *policy)
{
	return facts->cold || policy->nocache || policy->direct
		|| policy_names(policy, ENGINE_DIRECT);
}

/* Return the workers that the file is to have if it has chunks enough.  */
static uint64_t
workers_wanted(const struct facts *facts, const struct plan_policy *policy)
{
	const uint64_t fit = facts->memory == 0 ? STREAMS
		: facts->memory / STREAM_MEMORY;
	const uint64_t streams = !are_streams(facts, policy) ? 0
		: fit < STREAMS ? fit : STREAMS;

	uint64_t workers = policy->jobs != 0 ? policy->jobs
		: facts->cpus > streams ? facts->cpus : streams;

	/* Workers that take turns are slower: 16 on two processors took 2.4 times as long
	   as two, on tmpfs (doc/measurements.md#more-workers-than-processors).  */
	if (!waits(facts, policy) && policy->engine == NULL && workers > facts->cpus)
		workers = facts->cpus;
	return workers < WORKERS_MAX ? workers : WORKERS_MAX;
}

bool
parts_lack_memory(const struct facts *facts, const struct plan_policy *policy)
{
	return facts->memory != 0 && facts->memory < 2 * STREAM_MEMORY
		&& policy->jobs == 0;
}

/* Return the stretch of each of N workers that read from a device: they end together if
   each has as many.  */
static uint64_t
stretch(const struct facts *facts, uint64_t n)
{
	const uint64_t share = (uint64_t) facts->size / n;
	const uint64_t each = share / (share / STRETCH_MOST + 1);

	return each < CHUNK_OF_DEVICE ? CHUNK_OF_DEVICE
		: (each + CHUNK - 1) / CHUNK * CHUNK;
}

static uint64_t
chunk_size(const struct facts *facts, const struct plan_policy *policy, uint64_t workers)
{
	/* A worker hashes whole blocks.  */
	const bool hashed = policy->verify != VERIFY_NEVER || policy->journal;
	const uint64_t unit = hashed ? BLOCKHASH_BLOCK
		: facts->block > facts->page ? facts->block : facts->page;
	uint64_t chunk = policy->chunk_size != 0 ? policy->chunk_size
		: are_streams(facts, policy) ? stretch(facts, workers)
		: waits(facts, policy) ? CHUNK_OF_DEVICE : CHUNK;

	if (policy->nocache && chunk > CHUNK_OF_DEVICE)	/* what is dropped at a time */
		chunk = CHUNK_OF_DEVICE;
	if (chunk > (uint64_t) facts->size)
		chunk = (uint64_t) facts->size;
	return (chunk + unit - 1) / unit * unit;
}

struct workers_plan
parts_workers(const struct basis *basis)
{
	const struct facts *const facts = basis->facts;
	const struct plan_policy *const policy = basis->policy;
	const uint64_t workers = workers_wanted(facts, policy);
	const uint64_t chunk = chunk_size(facts, policy, workers);
	const uint64_t chunks = ((uint64_t) facts->size + chunk - 1) / chunk;

	return (struct workers_plan) {
		.count = (unsigned) (workers < chunks ? workers : chunks),
		.chunk = chunk,
		.reserve = facts->reserves && !basis->sparse->zeros,
		.streams = are_streams(facts, policy),
	};
}

/* ---- ways ---- */

/* Return the window of a trial by a process that has SHARE bytes to write; 0 if a trial
   wouldn't pay.  */
static uint64_t
trial_window_of(uint64_t share)
{
	const uint64_t window = share / TRIAL_PART / TRIAL_LEAST * TRIAL_LEAST;

	return window < TRIAL_MOST ? window : TRIAL_MOST;
}

/* Return how a process that has SHARE bytes of the file to write may write data, where it
   may choose.  */
static struct trial_plan
write_ways(const struct basis *basis, uint64_t share)
{
	const struct facts *const facts = basis->facts;
	struct trial_plan ways = { .first = basis->read_write ? WAY_WRITE : WAY_KERNEL };

	if (facts->cold || basis->policy->nocache || basis->sparse->zeros
	    || facts->limited) {
		ways.first = basis->read_write ? WAY_READ_WRITE : WAY_KERNEL;
		ways.ways = WAY(ways.first);
		return ways;
	}
	ways.ways = WAY(WAY_WRITE);
	if (!basis->no_kernel)
		ways.ways |= WAY(WAY_KERNEL);
	/* A new file's pages come in folios as large as a write asks for.  */
	if (!facts->in_place && !facts->takes_pages)
		ways.ways |= WAY(WAY_WRITE_SMALL);
	ways.window = trial_window_of(share);
	if (ways.window == 0) {
		ways.ways = WAY(ways.first);
		ways.window = TRIAL_MOST;
	}
	return ways;
}

/* Return how a worker may store into its mapping.  */
static struct trial_plan
store_ways(const struct basis *basis, bool huge)
{
	const struct facts *const facts = basis->facts;
	struct trial_plan ways = { .first = huge ? WAY_HUGE : WAY_GROWING };

	ways.ways = WAY(ways.first);
	if (facts->cold || basis->policy->nocache || basis->sparse->expected
	    || facts->limited)
		return ways;
	/* Huge folios are three times as fast where there is memory for them.  */
	ways.ways |= WAY(WAY_GROWING);
	ways.later = true;
	ways.window = huge ? facts->huge_fault : TRIAL_MOST;
	return ways;
}

/* ---- the parts ---- */

struct mmap_plan
parts_mmap(const struct basis *basis)
{
	const struct facts *const facts = basis->facts;
	const struct sparse_plan *const sparse = basis->sparse;
	const struct workers_plan workers = parts_workers(basis);
	const uint64_t window = workers.streams ? WINDOW_OF_DEVICE : MAP_WINDOW;
	/* A folio of 2 MiB costs one page fault and one lookup, and holds nothing of
	   another worker's chunk: 1.27 times as fast as with read-ahead
	   (doc/measurements.md#huge-folios).  */
	const bool huge = workers.reserve && !facts->in_place && facts->huge_fault != 0
		&& workers.chunk % facts->huge_fault == 0;

	return (struct mmap_plan) {
		.workers = workers,
		.window = workers.chunk < window ? workers.chunk : window,
		/* A hole that is read through a mapping becomes pages of the source
		   (tmpfs).  */
		.read_below = sparse->filled || workers.streams ? UINT64_MAX : 0,
		.store = store_ways(basis, huge),
		/* A writer and a mapper whose pages are supplied are 2.02 times as fast
		   as cp, and 1.54 times by memcpy (doc/measurements.md#tmpfs-pages).  */
		.supply = facts->takes_pages && !facts->in_place && !sparse->filled
			&& !sparse->zeros,
	};
}

void
parts_speed_up(struct mmap_plan *mmap, const struct basis *basis)
{
	const struct facts *const facts = basis->facts;

	if (basis->sparse->zeros)
		return;
	/* A write holds the inode's lock, which mappers don't need, so one worker of
	   several writes.  */
	mmap->write = write_ways(basis, (uint64_t) facts->size / mmap->workers.count);
	if (mmap->read_below == 0)
		mmap->read_below = mmap->window;
	if (basis->sparse->expected && !facts->takes_pages)
		mmap->write_below = mmap->read_below;
}

struct workers_plan
parts_hashing(const struct basis *basis)
{
	const struct facts *const facts = basis->facts;
	const struct plan_policy *const policy = basis->policy;
	const struct workers_plan none = { .count = 0 };

	if (!policy_is_large(facts->size, policy) || facts->unfit != REASON_NONE
	    || basis->sparse->zeros
	    || (facts->cold && parts_lack_memory(facts, policy)))
		return none;
	const struct workers_plan workers = parts_workers(basis);
	return workers.count > 1 || far_may_help(facts->size) ? workers : none;
}

struct stream_plan
parts_stream(const struct basis *basis, const struct mmap_plan *mmap, bool fast)
{
	const struct facts *const facts = basis->facts;
	struct stream_plan stream = {
		.read_below = basis->sparse->filled ? UINT64_MAX
			: mmap->window != 0 ? mmap->window : SOURCE_MAP_MIN,
	};

	/* The kernel writes from the source's pages themselves, which are copied once
	   and not twice: 2 GiB take 0.54 s and not 0.66
	   (doc/measurements.md#one-process).  */
	if (fast)
		stream.write = write_ways(basis, (uint64_t) facts->size);
	return stream;
}
